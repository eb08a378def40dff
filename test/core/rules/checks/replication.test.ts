import { expect, test } from 'vitest';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { failed, listed } from '../../../../src/lib/core/model/coverage.ts';
import { noReplication } from '../../../../src/lib/core/rules/checks/replication.ts';
import { aReplicationTask, aZfsSnapshot, HANDLE, PARENT } from '../../../support/builders.ts';

const dataset = `${PARENT}/${HANDLE}`;
const said = (...tasks: Parameters<typeof aReplicationTask>[0][]) => {
  const check = noReplication(aZfsSnapshot(), listed(tasks.map(aReplicationTask)));
  return [check.result, detailOf(check)];
};
const none = ['passed', 'none'];
const needed = ['failed', 'replication off-site'];
const far = { sources: ['far'], recursive: false };

test('a replication that sends the dataset may need its snapshot, by its own name or recursively', () => {
  expect(said({ sources: ['tank/media', dataset], recursive: false })).toEqual(needed);
  expect(said({ sources: ['tank/media', PARENT] })).toEqual(needed);
});

test('one that sends something else does not', () => {
  expect(said({ sources: [PARENT], recursive: false })).toEqual(none);
  expect(said({ sources: ['tank/k8'] })).toEqual(none);
  expect(said({ sources: [dataset], system: 'nas2' })).toEqual(none);
});

test.each([{ direction: 'PULL' }, { local: true }] as const)(
  'one that receives here needs what it received, at its target and below: %o',
  (here) => {
    expect(said({ ...far, ...here, target: dataset })).toEqual(needed);
    expect(said({ ...far, ...here, target: PARENT })).toEqual(needed);
    expect(said({ ...far, ...here, target: 'tank/k8' })).toEqual(none);
    expect(said({ ...far, ...here, target: PARENT, system: 'nas2' })).toEqual(none);
  },
);

test('one that sends to a path of this name received nothing here', () => {
  expect(said({ ...far, target: dataset })).toEqual(none);
});

test('tasks that could not be read may need it', () => {
  const check = noReplication(aZfsSnapshot(), listed([], failed('no')));
  expect([check.result, detailOf(check)]).toEqual(['unknown', 'could not be read: no']);
});
