import { expect, test } from 'vitest';
import { type Backend } from '../../../src/lib/core/correlate/backend.ts';
import { BackedVolumes } from '../../../src/lib/core/correlate/backed-volumes.ts';
import { aPv } from '../../support/builders.ts';

const [one, two] = [aPv({ name: 'one' }), aPv({ name: 'two' })];
const backend: Backend = { state: 'unknown', reason: 'nobody knows' };

function backed(): BackedVolumes {
  const volumes = new BackedVolumes();
  volumes.add(LIST, [{ volume: one, backend }]);
  return volumes;
}

const LIST = [one];

test('a list that was linked is given as it was linked', () => {
  expect(backed().of(LIST)).toEqual([{ volume: one, backend }]);
  expect([...backed().all()]).toEqual([{ volume: one, backend }]);
});

test('in another list each volume is looked up, and one that was not linked is unknown', () => {
  const unseen = { state: 'unknown', reason: 'this volume was not part of the scan' };
  expect(backed().of([two, one])).toEqual([
    { volume: two, backend: unseen },
    { volume: one, backend },
  ]);
});
