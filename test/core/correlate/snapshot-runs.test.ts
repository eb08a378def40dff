import { expect, test } from 'vitest';
import { SnapshotRuns } from '../../../src/lib/core/correlate/snapshot-runs.ts';
import { type ZfsSnapshot } from '../../../src/lib/core/model/truenas.ts';
import { aZfsSnapshot } from '../../support/builders.ts';

const aSnapshot = (dataset: string, name: string, system = 'nas1'): ZfsSnapshot =>
  aZfsSnapshot({ system, dataset, name });

function namesIn(list: readonly ZfsSnapshot[], id: string, system = 'nas1'): readonly string[] {
  const runs = new SnapshotRuns(list);
  for (const [place, snapshot] of list.entries()) runs.add(snapshot, place);
  return runs.of({ system, id }).map(({ name }) => name);
}

test('the snapshots of a dataset are found, in the order of the list', () => {
  const list = [aSnapshot('tank/a', '1'), aSnapshot('tank/b', '2'), aSnapshot('tank/b', '3')];
  expect(namesIn(list, 'tank/a')).toEqual(['1']);
  expect(namesIn(list, 'tank/b')).toEqual(['2', '3']);
  expect(namesIn(list, 'tank/c')).toEqual([]);
});

test('they are found wherever in the list they are', () => {
  const list = ['a', 'b', 'a', 'b', 'a'].map((leaf, at) => aSnapshot(`tank/${leaf}`, String(at)));
  expect(namesIn(list, 'tank/a')).toEqual(['0', '2', '4']);
  expect(namesIn(list, 'tank/b')).toEqual(['1', '3']);
});

test('a dataset of the same path on another system has its own', () => {
  const list = [aSnapshot('tank/a', '1'), aSnapshot('tank/a', '2', 'nas2')];
  expect(namesIn(list, 'tank/a')).toEqual(['1']);
  expect(namesIn(list, 'tank/a', 'nas2')).toEqual(['2']);
});
