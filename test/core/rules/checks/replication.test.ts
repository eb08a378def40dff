import { describe, expect, test } from 'vitest';
import { indexReplications } from '../../../../src/lib/core/correlate/replications.ts';
import { detailOf, type Check } from '../../../../src/lib/core/model/check.ts';
import {
  COMPLETE,
  failed,
  listed,
  type Coverage,
} from '../../../../src/lib/core/model/coverage.ts';
import { type ReplicationTask } from '../../../../src/lib/core/model/truenas-tasks.ts';
import { noReplication, noTask } from '../../../../src/lib/core/rules/checks/replication.ts';
import {
  aDataset,
  aReplicationTask,
  aSnapshotTask,
  aZfsSnapshot,
  HANDLE,
  PARENT,
} from '../../../support/builders.ts';

const dataset = `${PARENT}/${HANDLE}`;
const volume = aDataset();
const unread = failed('the server said no');
const blind = ['unknown', 'could not be read: the server said no'];
const tell = (check: Check) => [check.result, detailOf(check)];
const indexed = (tasks: readonly ReplicationTask[], coverage: Coverage = COMPLETE) => ({
  coverage,
  value: indexReplications(tasks),
});
const said = (...tasks: Parameters<typeof aReplicationTask>[0][]) =>
  tell(noReplication(aZfsSnapshot(), indexed(tasks.map(aReplicationTask))));
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

test('one of another system may send this by the path on its other side, or receive into it', () => {
  const unsure = [
    'unknown',
    'replication off-site of nas2 names this path, and may mean this system',
  ];
  const system = 'nas2';
  expect(said({ system, direction: 'PULL', target: 'backup/k8s' })).toEqual(unsure);
  expect(said({ system, direction: 'PULL', recursive: false })).toEqual(none);
  expect(said({ system, sources: [PARENT], target: PARENT })).toEqual(unsure);
  expect(said({ system, local: true, target: PARENT })).toEqual(none);
  expect(said({ system, direction: 'PULL' }, { name: 'home' })).toEqual([
    'failed',
    'replication home',
  ]);
});

test('tasks that could not be read may need it', () => {
  expect(tell(noReplication(aZfsSnapshot(), indexed([], unread)))).toEqual(blind);
});

describe('a task of a dataset', () => {
  const { id } = volume;
  const check = (
    snapshotTasks: readonly ReturnType<typeof aSnapshotTask>[],
    replicationTasks: readonly ReturnType<typeof aReplicationTask>[],
  ) => tell(noTask(volume, listed(snapshotTasks), indexed(replicationTasks)));

  test('that names the dataset leans on it', () => {
    expect(
      check(
        [aSnapshotTask({ dataset: id })],
        [
          aReplicationTask({ sources: ['tank/media', id] }),
          aReplicationTask({ name: 'back', sources: [], target: id }),
        ],
      ),
    ).toEqual(['failed', 'snapshot task 4, replication off-site, replication back']);
  });

  test('that names another dataset, or works on another system alone, does not', () => {
    const system = 'nas2';
    expect(
      check(
        [aSnapshotTask(), aSnapshotTask({ system, dataset: id })],
        [
          aReplicationTask(),
          aReplicationTask({ system, sources: [id] }),
          aReplicationTask({ system, target: id, direction: 'PULL' }),
          aReplicationTask({ system, sources: [id], target: PARENT, local: true }),
        ],
      ),
    ).toEqual(['passed', 'none']);
  });

  test('that receives into a dataset above leans on everything below it', () => {
    const target = PARENT;
    const detail = ['failed', 'replication off-site'];
    expect(check([], [aReplicationTask({ sources: ['far'], target, direction: 'PULL' })])).toEqual(
      detail,
    );
    expect(check([], [aReplicationTask({ sources: ['far'], target, local: true })])).toEqual(
      detail,
    );
  });

  test('that sends to a path of that name elsewhere, or receives beside it, does not', () => {
    expect(
      check(
        [],
        [
          aReplicationTask({ target: PARENT }),
          aReplicationTask({ sources: ['far'], target: `${PARENT}/pvc`, direction: 'PULL' }),
          aReplicationTask({ sources: ['far'], target: HANDLE, direction: 'PULL' }),
        ],
      ),
    ).toEqual(['passed', 'none']);
  });

  test('of another system may mean this one by the path on its other side', () => {
    const system = 'nas2';
    const unsure = [
      'unknown',
      'replication off-site of nas2 names this path, and may mean this system',
    ];
    expect(check([], [aReplicationTask({ system, target: id })])).toEqual(unsure);
    expect(check([], [aReplicationTask({ system, sources: [PARENT], target: PARENT })])).toEqual(
      unsure,
    );
    const pull = { system, direction: 'PULL', target: 'backup/k8s' } as const;
    expect(check([], [aReplicationTask({ ...pull, sources: [id] })])).toEqual(unsure);
    expect(check([], [aReplicationTask(pull)])).toEqual(['passed', 'none']);
    expect(
      check([aSnapshotTask({ dataset: id })], [aReplicationTask({ ...pull, sources: [id] })]),
    ).toEqual(['failed', 'snapshot task 4']);
  });

  test('may be there where either list of tasks could not be read', () => {
    expect(tell(noTask(volume, listed([], unread), indexed([])))).toEqual(blind);
    expect(tell(noTask(volume, listed([]), indexed([], unread)))).toEqual(blind);
  });
});
