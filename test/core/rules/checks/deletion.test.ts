import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { COMPLETE, failed, type Coverage } from '../../../../src/lib/core/model/coverage.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { snapshotSteps } from '../../../../src/lib/core/rules/checks/deletion.ts';
import { aDataset, anInventory, aZfsSnapshot, size } from '../../../support/builders.ts';

function stepsFor(
  names: readonly string[],
  coverage: Coverage = COMPLETE,
  dataset: Dataset = aDataset(),
) {
  const world = anInventory({
    datasets: [dataset],
    zfsSnapshots: names.map((name) => aZfsSnapshot({ name })),
  });
  const value = correlate(world, DEFAULT_POLICY).derived.snapshotLinks;
  return snapshotSteps(dataset, { value, coverage });
}

test('snapshots are counted, and the first of them named in the order of their names', () => {
  expect(stepsFor([])).toEqual([]);
  expect(stepsFor(['d', 'c', 'b', 'a', 'f', 'e', 'g'])).toEqual([
    'Look at its 7 snapshots, @a, @b, @c, @d, @e and 2 more, and delete each by its name once nobody needs it: ZFS deletes no dataset that has one, and the recursive option would take them unseen.',
  ]);
});

test('where they could not be read there may be some', () => {
  const asked = /^Delete its snapshots, if it has any, /;
  expect(stepsFor([], failed('denied'))[0]).toMatch(asked);
  // A key may see datasets and no snapshots.
  const holding = aDataset({ usedBySnapshots: size(5 << 20) });
  expect(stepsFor([], COMPLETE, holding)[0]).toMatch(asked);
});
