import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type ParentLoss, type ParentUse } from '../../../src/lib/core/correlate/parent-use.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { aDataset, aDriver, aFolder, anInventory, aPv, PARENT } from '../../support/builders.ts';

const world = anInventory({
  drivers: [aDriver(), aDriver({ driver: 'b', parent: 'tank/b' })],
  datasets: [
    aFolder('tank/b'),
    ...['claimed', 'one', 'two'].map((leaf) => aDataset({ id: `${PARENT}/${leaf}` })),
    aFolder(`${PARENT}/not-a-volume`),
  ],
  persistentVolumes: ['claimed', 'lost', 'gone', 'missing'].map((name) => aPv({ name })),
});

function countsAt(path: string): [ParentUse, ParentLoss] {
  const { parents, volumeLinks } = correlate(world, DEFAULT_POLICY).derived;
  const parent = parents.find('nas1', path);
  if (parent === undefined) throw new Error(`the world has the parent ${path}`);
  return [volumeLinks.useOf(parent), volumeLinks.lossOf(parent)];
}

test('volumes below a parent are counted, and those nobody claims', () => {
  expect(countsAt(PARENT)[0]).toEqual({ managed: 4, unclaimed: 2 });
});

test('volumes that belong below a parent are counted, and those without a dataset', () => {
  expect(countsAt(PARENT)[1]).toEqual({ volumes: 5, missing: 3 });
});

test('a parent that holds nothing, and of which nothing is missing, counts none', () => {
  expect(countsAt('tank/b')).toEqual([
    { managed: 0, unclaimed: 0 },
    { volumes: 0, missing: 0 },
  ]);
});
