import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { failed, listed, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type Dataset, type Pool } from '../../../src/lib/core/model/truenas.ts';
import {
  aCluster,
  aContent,
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  anExtent,
  anInventory,
  anIscsiPv,
  aPod,
  aPool,
  aPv,
  aSystem,
  aTarget,
  aZfsSnapshot,
  clusterWith,
  PARENT,
  systemWith,
} from '../../support/builders.ts';

/** What is said of a list, one line for each cluster or system of which something is. */
function surprisesOf(inventory: Inventory, source: string): string[] {
  return correlate(inventory, DEFAULT_POLICY).statuses.flatMap(
    ({ name, cluster, system, coverage }) =>
      name === source && coverage.state === 'partial'
        ? `${cluster ?? system ?? ''}: ${coverage.reason}`
        : [],
  );
}

const inEmptyCluster = (world: Parameters<typeof anInventory>[0]): Inventory => ({
  ...anInventory(world),
  clusters: [clusterWith({})],
});
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `${at}`);
const taken = (count: number) =>
  numbered(count).map((n) => aZfsSnapshot({ name: `snapshot-${n}` }));
const lost = (count: number) =>
  numbered(count).map((n) =>
    aContent({ name: `c${n}`, snapshotHandle: `vol@lost-${n}`, snapshot: null }),
  );

describe('systems', () => {
  const from = (driver: string, count: number) =>
    numbered(count).map((handle) =>
      aPv({ name: `v${handle}`, source: { kind: 'csi', driver, handle, attributes: {} } }),
    );
  const said = (volumes: ReturnType<typeof from>): string[] =>
    surprisesOf(
      {
        ...anInventory({ drivers: [] }),
        clusters: [clusterWith({ persistentVolumes: volumes })],
      },
      'datasets',
    );

  test('are others where not one of three volumes of TrueNAS drivers leads to any of them', () => {
    expect(said(from('tns.csi.io', 2))).toEqual([]);
    expect(said(from('ebs.csi.aws.com', 3))).toEqual([]);
    expect(said(from('tns.csi.io', 3))).toEqual([
      'nas1: not one of 3 PersistentVolumes of TrueNAS drivers leads here: another system, or drivers whose parents nobody names?',
    ]);
  });

  test('are not where one volume does', () => {
    const found = aPv({ name: 'pvc-00000000-0000-4000-8000-000000000001' });
    expect(said([...from('tns.csi.io', 3), found])).toEqual([]);
  });
});

describe('datasets', () => {
  const below = (count: number) =>
    numbered(count).map((handle) =>
      aPv({ name: `b${handle}`, source: { kind: 'csi', driver: 'b', handle, attributes: {} } }),
    );
  const drivers = [aDriver(), aDriver({ driver: 'b', parent: 'tank/b' })];
  const said = (count: number, over: Parameters<typeof anInventory>[0] = {}) =>
    surprisesOf(
      anInventory({
        drivers,
        datasets: [aFolder('tank/b')],
        persistentVolumes: below(count),
        ...over,
      }),
      'datasets',
    );

  test('are missing where three volumes are on a parent below which there is nothing', () => {
    expect(said(2)).toEqual([]);
    expect(said(3)).toEqual([
      'nas1: nothing below tank/b is in the list, yet 3 PersistentVolumes are on it: a key without the right to see it, or another system?',
    ]);
  });

  test('are not missing where the parent holds anything, or is in use by nobody', () => {
    expect(said(3, { datasets: [aFolder('tank/b'), aFolder('tank/b/other')] })).toEqual([]);
    expect(said(0, { datasets: [] })).toEqual([]);
  });

  test('are missing where the parent itself is, be it for one volume', () => {
    expect(said(1, { datasets: [] })).toEqual([
      'nas1: tank/b is not in the list, yet 1 PersistentVolumes are on it: a key without the right to see it, or another system?',
    ]);
  });
});

describe('snapshots', () => {
  test('are missing where the list is empty and three contents count on some', () => {
    const said = (count: number, zfsSnapshots: ReturnType<typeof taken> = []) =>
      surprisesOf(
        anInventory({ volumeSnapshotContents: lost(count), zfsSnapshots }),
        'zfsSnapshots',
      );
    expect(said(2)).toEqual([]);
    expect(said(3)).toEqual([
      'nas1: the list is empty, yet 3 snapshot contents point at it: a key without the right to see snapshots?',
    ]);
    expect(said(3, [aZfsSnapshot({ name: 'auto' })])).toEqual([]);
  });
});

describe('volumes', () => {
  test('are missing where the cluster shows none and its parents hold some, all of them counted', () => {
    const world = {
      drivers: [aDriver(), aDriver({ driver: 'b', parent: 'tank/b' })],
      datasets: [aFolder('tank/b'), aDataset({ id: 'tank/b/one' }), aDataset({ id: 'tank/b/two' })],
    };
    expect(surprisesOf(inEmptyCluster(world), 'persistentVolumes')).toEqual([
      'prod: no volume of a TrueNAS driver is in the list, yet TrueNAS holds 3 of its drivers: the wrong cluster, or a rebuilt one?',
    ]);
  });

  test('are missing where those the cluster shows are of other storage', () => {
    const source = {
      kind: 'csi',
      driver: 'ebs.csi.aws.com',
      handle: 'vol-1',
      attributes: {},
    } as const;
    const cloud = {
      ...anInventory(),
      clusters: [clusterWith({ persistentVolumes: [aPv({ source })] })],
    };
    expect(surprisesOf(cloud, 'persistentVolumes')).toHaveLength(1);
  });

  test('are not missing where the parents hold none', () => {
    const drivers = [aDriver({ parent: 'tank/b' })];
    const world = inEmptyCluster({ drivers, datasets: [aFolder('tank/b')] });
    expect(surprisesOf(world, 'persistentVolumes')).toEqual([]);
  });

  test('are not missing in one cluster where another that may use the parent shows some', () => {
    const inventory = anInventory();
    const dev = clusterWith({}, aCluster({ name: 'dev', uid: 'dev-uid' }));
    const both = { ...inventory, clusters: [...inventory.clusters, dev] };
    expect(surprisesOf(both, 'persistentVolumes')).toEqual([]);
  });
});

describe('snapshot contents', () => {
  const source = 'volumeSnapshotContents';

  test('are missing where a cluster without volumes has none, and drivers took three snapshots', () => {
    expect(surprisesOf(inEmptyCluster({ zfsSnapshots: taken(2) }), source)).toEqual([]);
    expect(surprisesOf(inEmptyCluster({ zfsSnapshots: taken(3) }), source)).toEqual([
      'prod: the list is empty, yet TrueNAS holds 3 snapshots that drivers took: the wrong cluster, or a rebuilt one?',
    ]);
  });

  test('are not missing for the snapshots a task took', () => {
    const zfsSnapshots = ['auto-1', 'auto-2', 'auto-3', 'snapshot-1', 'snapshot-2'].map((name) =>
      aZfsSnapshot({ name }),
    );
    expect(surprisesOf(inEmptyCluster({ zfsSnapshots }), source)).toEqual([]);
  });

  test('are not missing where the cluster has some, though another has none', () => {
    const blind = {
      ...anInventory({ zfsSnapshots: taken(3) }),
      clusters: [
        clusterWith({ volumeSnapshotContents: [aContent()] }),
        clusterWith({}, aCluster({ name: 'dev', uid: 'dev-uid' })),
      ],
    };
    expect(surprisesOf(blind, source).map((line) => line.split(':', 1)[0])).toEqual(['dev']);
    expect(surprisesOf(blind, 'persistentVolumes')).toHaveLength(2);
  });
});

test('nothing is said of a world in which both sides agree', () => {
  const { statuses } = correlate(
    anInventory({ datasets: [aDataset()], persistentVolumes: [aPv()] }),
    DEFAULT_POLICY,
  );
  expect(statuses.filter(({ coverage }) => coverage.state !== 'complete')).toEqual([]);
});

describe('mappings of iSCSI', () => {
  const iqnOf = (name: string): string => `iqn.2005-10.org.freenas.ctl:${name}`;
  const byHand = (name: string) =>
    aPv({ name, source: { kind: 'iscsi', portal: 'nas1:3260', iqn: iqnOf('OFFICE'), lun: 0 } });
  const made = (n: string) => anIscsiPv({ name: `pvc-${n}` });
  const said = (world: Parameters<typeof anInventory>[0]): string[] =>
    surprisesOf(anInventory(world), 'iscsiTargetExtents');
  const served = { iscsiTargets: [aTarget({ name: 'office' })], iscsiExtents: [anExtent()] };
  const reason = (count: number): string =>
    `nas1: the list is empty, yet ${count} volumes name targets that are there: a key without the right to see which extents they serve?`;

  test('are not seen where there is not one, and a volume is known by its target alone', () => {
    const persistentVolumes = [byHand('by-hand')];
    expect(said({ ...served, persistentVolumes })).toEqual([reason(1)]);
    expect(said({ ...served, iscsiTargetExtents: [aMapping()], persistentVolumes })).toEqual([]);
    expect(said({ ...served, iscsiExtents: [], persistentVolumes })).toEqual([]);
    expect(said({ ...served, iscsiTargets: [], persistentVolumes })).toEqual([]);
  });

  test('are not seen where a pod names a target by itself', () => {
    const inlineVolumes = [byHand('x').source];
    expect(said({ ...served, pods: [aPod({ inlineVolumes })] })).toEqual([reason(1)]);
  });

  test('may be lost where the dataset of the volume is known, but not of three at once', () => {
    const world = (count: number) => ({
      persistentVolumes: numbered(count).map(made),
      datasets: numbered(count).map((n) => aDataset({ id: `tank/k8s/pvc-${n}`, kind: 'volume' })),
      iscsiTargets: numbered(count).map((n) => aTarget({ id: Number(n), name: `csi-pvc-${n}` })),
      iscsiExtents: [anExtent()],
    });
    expect(said(world(2))).toEqual([]);
    expect(said(world(3))).toEqual([reason(3)]);
  });

  test('of one system say nothing of another', () => {
    const inventory = anInventory({ persistentVolumes: [byHand('by-hand')] });
    const nas2 = systemWith(
      { iscsiTargets: [aTarget({ system: 'nas2', name: 'office' })], iscsiExtents: [anExtent()] },
      aSystem({ name: 'nas2', host: 'nas2.example', hostId: 'two' }),
    );
    expect(
      surprisesOf({ ...inventory, systems: [...inventory.systems, nas2] }, 'iscsiTargetExtents'),
    ).toEqual([reason(1).replace('nas1', 'nas2')]);
  });
});

describe('a parent that looks empty', () => {
  const volumes = numbered(3).map((n) => aPv({ name: `pvc-${n}` }));
  const folders = ['tank', PARENT].map((id) => aFolder(id));
  const world: Inventory = {
    ...anInventory(),
    clusters: [clusterWith({ persistentVolumes: volumes })],
    systems: [systemWith({ datasets: folders })],
  };
  const withPools = (pools: ReturnType<typeof listed<Pool>>): Inventory => ({
    ...world,
    systems: world.systems.map((each) => ({ ...each, lists: { ...each.lists, pools } })),
  });
  const NOT_READ = unlisted<Pool>(failed('connection lost'));

  test('is explained by its pool being away, and by nothing that was not read', () => {
    expect(surprisesOf(withPools(listed([aPool({ status: 'FAULTED' })])), 'datasets')).toEqual([]);
    expect(surprisesOf(world, 'datasets')).toHaveLength(1);
    expect(surprisesOf(withPools(NOT_READ), 'datasets')).toHaveLength(1);
  });
});

test('a cluster without a volume is mistrusted as well where what its drivers keep could not be read', () => {
  const said = (datasets: ReturnType<typeof listed<Dataset>>): string[] => {
    const world = inEmptyCluster({});
    const systems = world.systems.map((each) => ({ ...each, lists: { ...each.lists, datasets } }));
    return surprisesOf({ ...world, systems }, 'persistentVolumes');
  };
  expect(said(listed([aFolder('tank'), aFolder(PARENT)]))).toEqual([]);
  expect(said(unlisted<Dataset>(failed('connection lost')))).toEqual([
    'prod: no volume of a TrueNAS driver is in the list, and whether TrueNAS holds any of its drivers could not be read',
  ]);
});
