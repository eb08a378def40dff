import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type KnownParent } from '../../../src/lib/core/correlate/known-parent.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { aDataset, aDriver, aFolder, anInventory, aPv, PARENT } from '../../support/builders.ts';

const { parents, volumeLinks } = correlate(
  anInventory({
    drivers: [aDriver(), aDriver({ driver: 'b', parent: 'tank/b' })],
    datasets: [
      aFolder('tank/b'),
      ...['claimed', 'one', 'two'].map((leaf) => aDataset({ id: `${PARENT}/${leaf}` })),
      aFolder(`${PARENT}/not-a-volume`),
    ],
    persistentVolumes: ['claimed', 'lost', 'gone', 'missing'].map((name) => aPv({ name })),
  }),
  DEFAULT_POLICY,
).derived;

function parentAt(path: string): KnownParent {
  const parent = parents.find('nas1', path);
  if (parent === undefined) throw new Error(`the world has the parent ${path}`);
  return parent;
}

test('volumes below a parent are counted, and those nobody claims', () => {
  expect(volumeLinks.useOf(parentAt(PARENT))).toEqual({ managed: 4, unclaimed: 2 });
});

test('volumes that belong below a parent are counted, and those without a dataset', () => {
  expect(volumeLinks.lossOf(parentAt(PARENT))).toEqual({ volumes: 5, missing: 3 });
});

test('a parent that holds nothing, and of which nothing is missing, counts none', () => {
  expect(volumeLinks.useOf(parentAt('tank/b'))).toEqual({ managed: 0, unclaimed: 0 });
  expect(volumeLinks.lossOf(parentAt('tank/b'))).toEqual({ volumes: 0, missing: 0 });
});
