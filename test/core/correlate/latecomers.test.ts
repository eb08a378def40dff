import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aCluster,
  aDataset,
  aDriver,
  anInventory,
  aPv,
  aSystem,
  clusterWith,
  PARENT,
  systemWith,
} from '../../support/builders.ts';

const JUNE = new Date('2026-06-01T00:00:00Z');
const JULY = new Date('2026-07-01T00:00:00Z');
const MAY = new Date('2026-05-01T00:00:00Z');

const unclaimed = (leaf: string, createdAt: Date | null, over = {}) =>
  aDataset({ id: `${PARENT}/${leaf}`, createdAt, ...over });

function lateIn(world: Inventory, cluster = 'prod', system = 'nas1') {
  return correlate(world, DEFAULT_POLICY).derived.volumeLinks.latecomersTo(cluster, system);
}

const datasets = [
  unclaimed('older', MAY),
  unclaimed('as-old', JUNE),
  unclaimed('younger', JULY),
  unclaimed('youngest', new Date('2026-08-01T00:00:00Z')),
  unclaimed('undated', null),
];
const last = aPv({ name: 'last', createdAt: JUNE });
const world = anInventory({ datasets, persistentVolumes: [last] });

test('what nobody claims and is younger than the last volume of a cluster is counted', () => {
  expect(lateIn(world)).toEqual({ since: JUNE, count: 2 });
});

test('volumes of other storage show that a cluster went on, and claimed datasets are no latecomers', () => {
  const source = { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'x', attributes: {} } as const;
  const on = aPv({ name: 'ebs', source, createdAt: JULY });
  expect(lateIn(anInventory({ datasets, persistentVolumes: [last, on] }))).toEqual({
    since: JULY,
    count: 1,
  });
  const claimed = aPv({ name: 'youngest', createdAt: MAY });
  expect(lateIn(anInventory({ datasets, persistentVolumes: [last, claimed] }))?.count).toBe(1);
});

test('a cluster without volumes, or without their dates, tells nothing', () => {
  const dev = clusterWith(
    { persistentVolumes: [aPv({ cluster: 'dev', name: 'x', createdAt: null })] },
    aCluster({ name: 'dev', uid: 'dev' }),
  );
  const both = { ...world, clusters: [...world.clusters, dev] };
  expect(lateIn(both, 'dev')).toBeUndefined();
  expect(lateIn(both, 'test')).toBeUndefined();
});

test('only parents a cluster may use count, and each system by itself', () => {
  const dev = clusterWith(
    { persistentVolumes: [aPv({ cluster: 'dev', name: 'x', createdAt: MAY })] },
    aCluster({ name: 'dev', uid: 'dev' }),
  );
  const nas2 = systemWith(
    { datasets: [unclaimed('other', JULY, { system: 'nas2' })] },
    aSystem({ name: 'nas2', hostId: 'two', host: 'nas2.example' }),
  );
  const all = (drivers: Parameters<typeof aDriver>[0]): Inventory => ({
    ...world,
    drivers: [aDriver(drivers)],
    clusters: [...world.clusters, dev],
    systems: [...world.systems, nas2],
  });
  expect(lateIn(all({}), 'dev')?.count).toBe(3);
  expect(lateIn(all({}), 'dev', 'nas2')?.count).toBe(1);
  expect(lateIn(all({ cluster: 'prod' }), 'dev')?.count).toBe(0);
});
