import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type ParentLoss, type ParentUse } from '../../../src/lib/core/correlate/parent-use.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aCluster,
  aDataset,
  aDriver,
  aFolder,
  anInventory,
  aPv,
  clusterWith,
  PARENT,
} from '../../support/builders.ts';

const sourceOf = (handle: string) =>
  ({ kind: 'csi', driver: 'org.democratic-csi.nfs', handle, attributes: {} }) as const;

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

test('volumes that belong below a parent are counted for each cluster, which may lack all of its own', () => {
  const dev = clusterWith(
    { persistentVolumes: [aPv({ cluster: 'dev', name: 'pvc-x', source: sourceOf('pvc-x') })] },
    aCluster({ name: 'dev', uid: 'dev' }),
  );
  const { parents, volumeLinks } = correlate(
    { ...world, clusters: [...world.clusters, dev] },
    DEFAULT_POLICY,
  ).derived;
  const parent = parents.find('nas1', PARENT);
  if (parent === undefined) throw new Error('the world has it');
  expect(volumeLinks.lossesOf(parent)).toEqual([
    { volumes: 5, missing: 3 },
    { volumes: 1, missing: 1 },
  ]);
  expect(volumeLinks.lossOf(parent)).toEqual({ volumes: 6, missing: 4 });
});
