import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { notApplicable, partial, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { datasetUnclaimed } from '../../../src/lib/core/rules/orphans/dataset-unclaimed.ts';
import { pvBackendMissing } from '../../../src/lib/core/rules/orphans/pv-backend-missing.ts';
import { zfsSnapshotUnclaimed } from '../../../src/lib/core/rules/orphans/zfs-snapshot-unclaimed.ts';
import {
  aCluster,
  aContent,
  aDataset,
  aDriver,
  aFolder,
  anInventory,
  anIscsiPv,
  anExtent,
  aMapping,
  anNfsShare,
  aPool,
  aPv,
  aSystem,
  aTarget,
  aZfsSnapshot,
  clusterWith,
  finished,
  HANDLE,
  NOW,
  PARENT,
  systemWith,
} from '../../support/builders.ts';
import { findingsOf, withoutList } from '../../support/rule-tester.ts';

const evidenceOf = (inventory: Inventory) => correlate(inventory, DEFAULT_POLICY);
const dev = aCluster({ name: 'dev', uid: 'dev-uid' });
const nas2 = aSystem({ name: 'nas2', hostId: 'host-2' });
const onNas2 = { system: 'nas2' } as const;
const dataset = aDataset();

/** The small world with a second cluster and a second system beside it. */
function twoOfEach(over: {
  readonly first?: Parameters<typeof anInventory>[0];
  readonly cluster?: Parameters<typeof clusterWith>[0];
  readonly system?: Parameters<typeof systemWith>[0];
}): Inventory {
  const one = anInventory({ drivers: [aDriver({ system: 'nas1' })], ...over.first });
  return {
    ...one,
    clusters: [...one.clusters, clusterWith(over.cluster ?? {}, dev)],
    systems: [...one.systems, systemWith(over.system ?? {}, nas2)],
  };
}

test('a declared parent that is no dataset is said, since nothing below it can be found', () => {
  const { statuses } = evidenceOf(anInventory({ drivers: [aDriver({ parent: 'tank/k9s' })] }));
  expect(statuses.filter(({ coverage }) => coverage.state === 'partial')).toMatchObject([
    {
      name: 'poolAvailability',
      system: 'nas1',
      coverage: {
        reason: 'tank/k9s, the parent of org.democratic-csi.nfs, is not among the datasets',
      },
    },
  ]);
});

describe('with two clusters and two systems', () => {
  test('a cluster that sees no volume of its own parent is blind, whatever the other sees', () => {
    const own = 'tank/dev';
    const inventory = twoOfEach({
      first: {
        datasets: [aFolder(own), aDataset({ id: `${own}/pvc-1` })],
        drivers: [
          aDriver({ cluster: 'prod', system: 'nas1' }),
          aDriver({ cluster: 'dev', system: 'nas1', driver: 'dev.nfs', parent: own }),
        ],
      },
      cluster: {},
    });
    const blind = evidenceOf(inventory).statuses.filter(
      ({ name, coverage }) => name === 'persistentVolumes' && coverage.state === 'partial',
    );
    expect(blind.map(({ cluster }) => cluster)).toEqual(['dev']);
    expect(findingsOf(datasetUnclaimed, inventory)).toEqual([]);
  });

  test('a declared parent that is on neither system is said of both', () => {
    const inventory = twoOfEach({
      first: { drivers: [aDriver(), aDriver({ parent: 'tank/k9s' })] },
    });
    const said = evidenceOf(inventory).statuses.filter(({ name }) => name === 'poolAvailability');
    expect(said.map(({ system }) => system)).toEqual(['nas1', 'nas2']);
  });

  test('an empty list of snapshots is told apart from that of the other system', () => {
    const contents = [1, 2, 3].map((n) =>
      aContent({
        name: `content-${n}`,
        snapshotHandle: `${HANDLE}@snapshot-0000000${n}-0000-4000-8000-000000000000`,
        snapshot: null,
      }),
    );
    const inventory = twoOfEach({
      first: {
        datasets: [aDataset()],
        persistentVolumes: [aPv()],
        volumeSnapshotContents: contents,
        drivers: [aDriver({ system: 'nas1' })],
      },
      system: { zfsSnapshots: [aZfsSnapshot({ ...onNas2, name: 'auto' })] },
    });
    const blind = evidenceOf(inventory).statuses.filter(
      ({ name, coverage }) => name === 'zfsSnapshots' && coverage.state === 'partial',
    );
    expect(blind.map(({ system }) => system)).toEqual(['nas1']);
  });

  test('a cluster without the snapshot API does not silence the others', () => {
    const inventory = twoOfEach({
      first: {
        datasets: [aDataset()],
        persistentVolumes: [aPv()],
        zfsSnapshots: [aZfsSnapshot()],
        drivers: [aDriver({ system: 'nas1' })],
      },
      cluster: {},
    });
    const [prod, dev] = inventory.clusters;
    const missing = unlisted<never>(notApplicable('the snapshot API is not installed'));
    const without = {
      ...inventory,
      clusters: [
        prod,
        {
          ...dev,
          lists: { ...dev?.lists, volumeSnapshots: missing, volumeSnapshotContents: missing },
        },
      ],
    } as Inventory;
    expect(findingsOf(zfsSnapshotUnclaimed, without)).toHaveLength(1);
  });

  test('a volume of either cluster claims a dataset', () => {
    const inventory = twoOfEach({
      first: { datasets: [dataset], drivers: [aDriver({ system: 'nas1' })] },
      cluster: { persistentVolumes: [aPv({ cluster: 'dev' })] },
    });
    expect(findingsOf(datasetUnclaimed, inventory)).toEqual([]);
    expect(evidenceOf(inventory).derived.volumeLinks.usersOf(dataset)).toEqual([
      { kind: 'persistent-volume', cluster: 'dev', name: HANDLE },
    ]);
  });

  test('one handle in both clusters is used twice, and once by each', () => {
    const inventory = twoOfEach({
      first: { datasets: [dataset], persistentVolumes: [aPv()] },
      cluster: { persistentVolumes: [aPv({ cluster: 'dev' })] },
    });
    const users = evidenceOf(inventory).derived.volumeLinks.usersOf(dataset);
    expect(users.map(({ cluster }) => cluster)).toEqual(['prod', 'dev']);
  });

  test('a volume whose dataset is on the other system only is found there, not lost', () => {
    const inventory = twoOfEach({
      first: { persistentVolumes: [aPv()] },
      system: { datasets: [aDataset(onNas2)] },
    });
    expect(evidenceOf(inventory).derived.volumeLinks.backendOf(aPv()).state).toBe('unknown');
    expect(findingsOf(pvBackendMissing, inventory)).toEqual([]);
  });

  test('a dataset is judged on its own system', () => {
    const inventory = twoOfEach({
      first: {
        drivers: [
          aDriver({ system: 'nas1' }),
          aDriver({ system: 'nas2', driver: 'b.nfs', exclusive: true }),
        ],
      },
      system: { datasets: [aDataset({ ...onNas2, id: `${PARENT}/pvc-b` })] },
    });
    expect(findingsOf(datasetUnclaimed, inventory).map(({ subject }) => subject)).toMatchObject([
      { system: 'nas2', name: `${PARENT}/pvc-b` },
    ]);
  });

  test('ids of shares and extents never meet across systems', () => {
    const inventory = twoOfEach({
      first: {
        datasets: [aDataset({ kind: 'volume' })],
        iscsiExtents: [anExtent()],
        iscsiTargetExtents: [aMapping()],
      },
      system: { iscsiTargets: [aTarget(onNas2)], nfsShares: [anNfsShare(onNas2)] },
    });
    const { exports } = evidenceOf(inventory).derived;
    expect(exports.extentsOf(aDataset({ kind: 'volume' })).map(({ targets }) => targets)).toEqual([
      [],
    ]);
    expect(exports.nfsSharesOf(aDataset())).toEqual([]);
    expect(exports.nfsSharesOf(aDataset(onNas2))).toHaveLength(1);
  });

  test('a list of one system that failed is missed there, and by every rule of the clusters', () => {
    const inventory = twoOfEach({});
    const broken: Inventory = {
      ...inventory,
      systems: inventory.systems.map((system) =>
        system.identity.name === 'nas2' ? { ...system, lists: {} } : system,
      ),
    };
    const evidence = evidenceOf(broken);
    const states = (scope: 'cluster' | 'system', name: string) =>
      evidence.statusesOf('pools', { scope, name }).map(({ coverage }) => coverage.state);
    expect(states('system', 'nas1')).toEqual(['complete']);
    expect(states('system', 'nas2')).toEqual(['failed']);
  });

  test('the earliest of all clocks is now', () => {
    const early = new Date(NOW.getTime() - 600_000);
    const inventory = twoOfEach({});
    expect(evidenceOf(inventory).now).toEqual(NOW);
    const slow: Inventory = {
      ...inventory,
      systems: [
        systemWith({}, aSystem({ clock: null })),
        systemWith({}, { ...nas2, clock: early }),
      ],
    };
    expect(evidenceOf(slow).now).toEqual(early);
  });
});

describe('a parent', () => {
  const parentsOf = (inventory: Inventory) => evidenceOf(inventory).derived.parents;

  test('declared twice is what the more careful entry says', () => {
    const parents = parentsOf(
      anInventory({
        drivers: [
          aDriver({ cluster: 'prod', instanceId: 'a' }),
          aDriver({ driver: 'b', cluster: 'dev', exclusive: false, parent: `/${PARENT}/` }),
        ],
      }),
    );
    expect(parents.all).toMatchObject([
      {
        path: PARENT,
        drivers: ['org.democratic-csi.nfs', 'b'],
        clusters: ['prod', 'dev'],
        instanceIds: ['a'],
        exclusive: false,
        origin: 'declared',
      },
    ]);
    expect(parents.forDriver('other', 'b')).toEqual([]);
    expect(parents.isTrueNasDriver('dev', 'b')).toBe(true);
    expect(parents.isTrueNasDriver('prod', 'b')).toBe(false);
  });

  test('declared for every cluster by one entry is for every cluster', () => {
    const drivers = [aDriver({ cluster: 'prod' }), aDriver()];
    expect(parentsOf(anInventory({ drivers })).all[0]?.clusters).toBeNull();
    expect(parentsOf(anInventory({ drivers: drivers.toReversed() })).all[0]?.clusters).toBeNull();
  });

  test('without a system is wherever it exists, and everywhere where it exists nowhere', () => {
    const inventory = twoOfEach({ first: { drivers: [aDriver({ parent: 'tank/only' })] } });
    expect(parentsOf(inventory).all.map(({ system }) => system)).toEqual(['nas1', 'nas2']);
    const there = twoOfEach({
      first: { drivers: [aDriver({ parent: 'tank/only' })] },
      system: { datasets: [aFolder('tank/only', onNas2)] },
    });
    expect(parentsOf(there).all.map(({ system }) => system)).toEqual(['nas2']);
  });

  test('is inferred from a share, or from the name of a volume, and never exclusive', () => {
    const byName = anIscsiPv({ name: 'pvc-i', phase: 'Bound' });
    const inventory = anInventory({
      drivers: [],
      datasets: [
        aFolder('tank/block'),
        aDataset({ id: 'tank/block/pvc-i', kind: 'volume', properties: finished('pvc-i') }),
      ],
      persistentVolumes: [byName],
    });
    expect(
      parentsOf(inventory).all.map(({ path, origin, exclusive }) => ({ path, origin, exclusive })),
    ).toEqual([
      { path: PARENT, origin: 'inferred', exclusive: false },
      { path: 'tank/block', origin: 'inferred', exclusive: false },
    ]);
  });

  test('that is declared for one driver is not lent to another', () => {
    const parents = parentsOf(anInventory({ drivers: [aDriver({ driver: 'b' })] }));
    expect(parents.all.map(({ drivers }) => drivers)).toEqual([['b']]);
  });
});

describe('short handles that repeat', () => {
  const short = (name: string) =>
    aPv({
      name,
      source: { kind: 'csi', driver: 'org.democratic-csi.nfs', handle: '128', attributes: {} },
    });

  test('belong to the dataset that carries the name of the volume', () => {
    const second = aDataset({ id: 'tank/second/128', properties: finished('pvc-b') });
    const inventory = anInventory({
      datasets: [
        aFolder('tank/second'),
        aDataset({ id: `${PARENT}/128`, properties: finished('pvc-a') }),
        second,
      ],
      persistentVolumes: [short('pvc-a'), short('pvc-b')],
      drivers: [aDriver(), aDriver({ parent: 'tank/second' })],
    });
    const { volumeLinks } = evidenceOf(inventory).derived;
    const pv = inventory.clusters[0]?.lists.persistentVolumes?.items.find(
      ({ name }) => name === 'pvc-b',
    );
    if (pv === undefined) throw new Error('the world has this volume');
    expect(volumeLinks.backendOf(pv)).toEqual({ state: 'found', dataset: second });
  });
});

describe('lists that are empty by surprise', () => {
  const coverageOf = (inventory: Inventory, source: string) =>
    evidenceOf(inventory).statuses.find(({ name }) => name === source)?.coverage.state;

  test('datasets, where a parent that holds volumes is missing', () => {
    const inventory = anInventory({
      persistentVolumes: [aPv()],
      drivers: [aDriver({ parent: 'tank/gone' })],
    });
    expect(coverageOf(inventory, 'datasets')).toBe('partial');
  });

  test('datasets, where the parent is missing and the volumes name their old shares', () => {
    const inventory: Inventory = {
      ...anInventory({ persistentVolumes: [aPv()] }),
      systems: [systemWith({})].map((system) => ({
        ...system,
        lists: {
          ...system.lists,
          datasets: { coverage: { state: 'complete' } as const, items: [aFolder('tank')] },
        },
      })),
    };
    expect(coverageOf(inventory, 'datasets')).toBe('partial');
  });

  test('not datasets, where one volume alone is missing below an empty parent', () => {
    const inventory = anInventory({
      datasets: [aFolder('tank/b')],
      persistentVolumes: [
        aPv({ source: { kind: 'csi', driver: 'b', handle: 'x', attributes: {} } }),
      ],
      drivers: [aDriver(), aDriver({ driver: 'b', parent: 'tank/b' })],
    });
    expect(coverageOf(inventory, 'datasets')).toBe('complete');
  });

  test('not datasets, where the pool is away: that is reported for itself', () => {
    const inventory = anInventory({
      persistentVolumes: [aPv()],
      pools: [aPool({ name: 'other' })],
      drivers: [aDriver({ parent: 'tank/gone' })],
    });
    expect(coverageOf(inventory, 'datasets')).toBe('complete');
    expect(coverageOf(inventory, 'poolAvailability')).toBe('partial');
  });

  test('volumes, where the NAS holds some', () => {
    const inventory = { ...anInventory(), clusters: [clusterWith({})] };
    expect(coverageOf(inventory, 'persistentVolumes')).toBe('partial');
  });

  test('snapshots and contents, where the other side counts three', () => {
    const contents = [1, 2, 3].map((n) =>
      aContent({ name: `c${n}`, snapshotHandle: `${HANDLE}@snapshot-${n}` }),
    );
    expect(coverageOf(anInventory({ volumeSnapshotContents: contents }), 'zfsSnapshots')).toBe(
      'partial',
    );
    expect(
      coverageOf(anInventory({ volumeSnapshotContents: contents.slice(1) }), 'zfsSnapshots'),
    ).toBe('complete');
    const zfsSnapshots = [1, 2, 3].map((n) => aZfsSnapshot({ name: `snapshot-${n}` }));
    const rebuilt = { ...anInventory({ zfsSnapshots }), clusters: [clusterWith({})] };
    expect(coverageOf(rebuilt, 'volumeSnapshotContents')).toBe('partial');
    expect(coverageOf(anInventory({ zfsSnapshots }), 'volumeSnapshotContents')).toBe('complete');
  });

  test('a list that was known to be short stays as it was', () => {
    const inventory = anInventory({ zfsSnapshots: [] });
    const coverage = notApplicable('no CRD');
    const changed = {
      ...inventory,
      clusters: inventory.clusters.map((cluster) => ({
        ...cluster,
        lists: {
          ...cluster.lists,
          persistentVolumes: { coverage: partial('page 2'), items: [] },
          volumeSnapshotContents: { coverage, items: [] },
        },
      })),
    };
    const { statuses } = evidenceOf(changed);
    expect(statuses.find(({ name }) => name === 'persistentVolumes')?.coverage).toEqual(
      partial('page 2'),
    );
    expect(statuses.find(({ name }) => name === 'volumeSnapshotContents')?.coverage).toBe(coverage);
  });
});

describe('what was not read', () => {
  const source = 'pods';
  const world = anInventory({ datasets: [dataset] });
  const [prod] = world.clusters;
  if (prod === undefined) throw new Error('the world has a cluster');

  test('is missing, and says of whom', () => {
    const evidence = evidenceOf({ ...world, clusters: [{ ...prod, lists: {} }] });
    const member = { scope: 'cluster', name: 'prod' } as const;
    expect(evidence.statusesOf(source, member)).toEqual([
      {
        name: source,
        cluster: 'prod',
        system: null,
        coverage: { state: 'failed', reason: 'it was not read in this scan' },
        count: 0,
        unreadable: [],
      },
    ]);
    expect(evidence.itemsOf(source, member)).toEqual([]);
  });

  test('because it could not be understood is named', () => {
    const lists = {
      ...prod.lists,
      pods: { coverage: partial('1 of 1'), items: [], unreadable: ['a'] },
    };
    const { statuses } = evidenceOf({ ...world, clusters: [{ ...prod, lists }] });
    const unreadable = statuses.map(({ name, unreadable: names }) => [name, names] as const);
    expect(unreadable.filter(([, names]) => names.length > 0)).toEqual([[source, ['a']]]);
  });

  test('by surprise is one list, and no other of the same system', () => {
    const { statuses } = evidenceOf(
      anInventory({ persistentVolumes: [aPv()], drivers: [aDriver({ parent: 'tank/gone' })] }),
    );
    const incomplete = statuses.filter(({ coverage }) => coverage.state !== 'complete');
    expect(incomplete.map(({ name }) => name).sort()).toEqual(['datasets', 'poolAvailability']);
  });
});

describe('storage', () => {
  const storageOf = (world: Parameters<typeof anInventory>[0]) =>
    evidenceOf(anInventory(world)).derived.storage;

  test('that is whole stands in the way of nothing', () => {
    const storage = storageOf({});
    expect(storage.obstacleAt('nas1', `${PARENT}/x`)).toBeUndefined();
    expect(storage.problems).toEqual([]);
  });

  test('of which the pools could not be read is no trouble of the parents', () => {
    const blind = withoutList(anInventory(), 'pools');
    expect(evidenceOf(blind).derived.storage.problems).toEqual([]);
  });

  test('says what stands in the way', () => {
    const storage = storageOf({
      pools: [aPool(), aPool({ name: 'bad', status: 'FAULTED' })],
      datasets: [aFolder('tank/locked', { locked: true })],
    });
    expect(
      ['bad/x', 'away/x', 'tank/locked/x', 'tank/ix-apps/x'].map((path) =>
        storage.obstacleAt('nas1', path),
      ),
    ).toEqual([
      'pool bad is FAULTED',
      'pool away is not imported',
      'dataset tank/locked is locked',
      'the API does not list datasets of this name',
    ]);
    expect(storage.obstacleAt('nas9', 'tank/x')).toBe('the pools of nas9 could not be read');
  });

  test('names each trouble of the drivers’ parents once, and no other', () => {
    const storage = storageOf({
      pools: [
        aPool(),
        aPool({ name: 'bad', status: 'FAULTED' }),
        aPool({ name: 'idle', status: 'OFFLINE' }),
      ],
      datasets: [
        aFolder('tank/locked', { locked: true }),
        aFolder('tank/locked/k8s'),
        aFolder('tank/private', { locked: true }),
      ],
      drivers: [
        aDriver({ parent: 'bad/a' }),
        aDriver({ parent: 'bad/b' }),
        aDriver({ parent: 'tank/locked/k8s' }),
      ],
    });
    expect(storage.problems.map(({ reason }) => reason)).toEqual([
      'pool bad is FAULTED, so nothing there can be judged',
      'dataset tank/locked is locked, so nothing below it can be judged',
    ]);
  });
});
