import { describe, expect, test } from 'vitest';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { type ClusterInventory, type Inventory } from '../../src/lib/core/model/inventory.ts';
import { notApplicable, unlisted } from '../../src/lib/core/model/coverage.ts';
import { type DriverConfig } from '../../src/lib/core/model/driver-config.ts';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import { type PersistentVolume } from '../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type Dataset } from '../../src/lib/core/model/truenas.ts';
import { composeFinding } from '../../src/lib/core/report/compose-finding.ts';
import { evaluate, isSettled } from '../../src/lib/core/rules/evaluate.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import {
  aCluster,
  aDataset,
  aDriver,
  aDriverSecret,
  aFolder,
  anInventory,
  anNfsShare,
  aPv,
  aSystem,
  aZfsSnapshot,
  clusterWith,
  details,
  finished,
  HANDLE,
  NOW,
  PARENT,
  properties,
  SNAPSHOT_UID,
  systemWith,
} from '../support/builders.ts';
import { withJournals } from '../support/journalled.ts';
import { withoutList } from '../support/rule-tester.ts';

/*
 * Worlds in which a volume looks forgotten because its owner is not in view, or because what would tell of him was not read: each
 * beside the world in which it is forgotten for certain.
 */

/** Findings on TrueNAS that a second read would confirm. */
function findingsIn(world: Inventory): readonly Finding[] {
  const evidence = correlate(world, DEFAULT_POLICY);
  return evaluate(RULES, evidence, DEFAULT_POLICY)
    .flatMap((outcome) => (outcome.state === 'ran' ? outcome.candidates : []))
    .filter(isSettled)
    .map((candidate) => composeFinding(candidate, evidence, true))
    .filter(({ subject }) => subject.location === 'truenas');
}

const certainIn = (world: Inventory): readonly string[] =>
  findingsIn(world)
    .filter(({ confidence }) => confidence === 'certain')
    .map(({ rule, subject }) => `${rule} ${subject.name}`);

/** Checks that did not pass of what one rule says of a dataset. */
function doubtsAbout(world: Inventory, rule: string, id: string): readonly string[] {
  const found = findingsIn(world).find((each) => each.rule === rule && each.subject.name === id);
  if (found === undefined) throw new Error(`${rule} says nothing of ${id}`);
  return found.evidence
    .filter(({ result, check }) => result !== 'passed' && check !== 'no-nfs-client')
    .map(({ check }) => check);
}

const leafOf = (n: number): string => `pvc-00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const idOf = (n: number): string => `${PARENT}/${leafOf(n)}`;
const upTo = (count: number, from = 1): readonly number[] =>
  Array.from({ length: count }, (_, n) => from + n);

const volumeOf = (cluster: string, n: number, over: Partial<PersistentVolume> = {}) =>
  aPv({ cluster, name: leafOf(n), claim: { namespace: 'm', name: `c${n}`, uid: `${n}` }, ...over });

/** A volume of a NAS nobody registered. */
const elsewhere = (cluster: string, n: number): PersistentVolume =>
  volumeOf(cluster, n, {
    source: {
      kind: 'csi',
      driver: 'csi.truenas.io',
      handle: `flash/x/${leafOf(n)}`,
      attributes: { protocol: 'nfs', nfsPath: `/mnt/flash/x/${leafOf(n)}` },
    },
  });

const sharesOf = (datasets: readonly Dataset[], system = 'nas1') =>
  datasets.map(({ id }, n) =>
    anNfsShare({
      system,
      id: n + 1,
      path: `/mnt/${id}`,
      comment: `democratic-csi (org.democratic-csi.nfs): ${id}`,
    }),
  );

interface Parts {
  readonly clusters: Readonly<Record<string, readonly PersistentVolume[]>>;
  readonly datasets: readonly Dataset[];
  readonly drivers?: readonly DriverConfig[];
}

function worldOf({ clusters, datasets, drivers = [aDriver()] }: Parts): Inventory {
  return {
    takenAt: NOW,
    clusters: Object.entries(clusters).map(([name, persistentVolumes]): ClusterInventory =>
      clusterWith({ persistentVolumes }, aCluster({ name, uid: `uid-of-${name}` })),
    ),
    systems: [
      systemWith({
        datasets,
        nfsShares: sharesOf(datasets.filter(({ marks }) => marks.quarantined === null)),
      }),
    ],
    drivers,
    firstSeen: new Map(),
    moved: [],
  };
}

describe('a context that leads to another cluster', () => {
  const forgotten = `dataset-unclaimed ${idOf(101)}`;
  const prod = upTo(16);
  const datasets = [...prod, 101, 102, 103].map((n) => aDataset({ id: idOf(n) }));
  const seen = (dev: readonly PersistentVolume[], drivers?: readonly DriverConfig[]): Inventory =>
    worldOf({
      clusters: { prod: prod.map((n) => volumeOf('prod', n)), dev },
      datasets: [...datasets, aDataset({ id: idOf(110) })],
      ...(drivers && { drivers }),
    });
  const right = [volumeOf('dev', 110)];

  test.each([
    ['the same driver on another NAS', upTo(5, 200).map((n) => volumeOf('dev', n))],
    ['another driver on another NAS', upTo(5, 200).map((n) => elsewhere('dev', n))],
    ['one volume of it', [volumeOf('dev', 200)]],
  ])('makes nothing certain where it shows %s', (_, dev) => {
    expect(certainIn(seen(right))).toContain(forgotten);
    expect(certainIn(seen(dev))).toEqual([]);
    expect(doubtsAbout(seen(dev), 'dataset-unclaimed', idOf(101))).toContain('owner-registered');
  });

  test('does no harm to a parent that is declared for the others', () => {
    const drivers = [aDriver({ cluster: 'prod' })];
    expect(certainIn(seen([elsewhere('dev', 200)], drivers))).toContain(forgotten);
  });

  test('is noticed by what it lacks below a parent of which it shows something too', () => {
    const some = (missing: number) => [
      ...right,
      ...upTo(missing, 200).map((n) => volumeOf('dev', n)),
    ];
    expect(certainIn(seen(some(0)))).toContain(forgotten);
    // Three of four, though few beside what all have.
    expect(certainIn(seen(some(3)))).toEqual([]);
    const check = 'few-missing-at-once';
    expect(doubtsAbout(seen(some(3)), 'dataset-unclaimed', idOf(101))).toEqual([check]);
  });

  test('of the only cluster makes nothing certain either', () => {
    const only = (volumes: readonly PersistentVolume[]): Inventory =>
      worldOf({
        clusters: { prod: volumes },
        datasets: [1, 2].map((n) => aDataset({ id: idOf(n) })),
      });
    expect(certainIn(only([volumeOf('prod', 1)]))).toContain(`dataset-unclaimed ${idOf(2)}`);
    expect(certainIn(only(upTo(8, 200).map((n) => volumeOf('prod', n))))).toEqual([]);
    expect(certainIn(only(upTo(2, 200).map((n) => elsewhere('prod', n))))).toEqual([]);
  });
});

describe('a dataset in quarantine that is due', () => {
  const destroyed = `dataset-quarantined ${idOf(1)}`;
  const marks = (n: number): Dataset['marks'] => ({
    quarantined: `${idOf(n)};2026-06-01T00:00:00Z;plan-1`,
    ignore: null,
  });
  const one = (over: Partial<Dataset> = {}) => aDataset({ id: idOf(1), marks: marks(1), ...over });
  const held = (count: number) => upTo(count, 100).map((n) => aDataset({ id: idOf(n) }));
  const claimed = (count: number) => upTo(count, 100).map((n) => volumeOf('prod', n));
  const world = (datasets: readonly Dataset[], prod: readonly PersistentVolume[]): Inventory =>
    withJournals(worldOf({ clusters: { prod }, datasets }));

  test('is destroyed only where the cluster that would miss it is in view', () => {
    expect(certainIn(world([one(), ...held(3)], claimed(3)))).toContain(destroyed);
    const strangers = upTo(5, 200).map((n) => volumeOf('prod', n));
    expect(certainIn(world([one(), ...held(9)], strangers))).toEqual([]);
  });

  test('is not destroyed where it is older than its cluster, or kept on purpose', () => {
    const old = one({ createdAt: new Date('2020-01-01T00:00:00Z') });
    expect(
      doubtsAbout(world([old, ...held(3)], claimed(3)), 'dataset-quarantined', idOf(1)),
    ).toEqual(['younger-than-cluster']);
    const kept = one({ properties: finished(leafOf(1), { keptOnPurpose: true }) });
    expect(
      doubtsAbout(world([kept, ...held(3)], claimed(3)), 'dataset-quarantined', idOf(1)),
    ).toEqual(['not-kept-on-purpose']);
  });

  test('does not count against itself, nor do others that were put aside', () => {
    const aside = upTo(5).map((n) => aDataset({ id: idOf(n), marks: marks(n) }));
    expect(certainIn(world([...aside, ...held(3)], claimed(3)))).toContain(destroyed);
    // What nobody put aside does.
    const unclaimed = held(6);
    expect(
      doubtsAbout(world([...aside, ...unclaimed], claimed(3)), 'dataset-quarantined', idOf(1)),
    ).toEqual(['few-unclaimed-at-once']);
  });
});

describe('the Secret of a driver', () => {
  const id = `${PARENT}/${HANDLE}`;
  const forgotten = `dataset-unclaimed ${id}`;
  const foreign = aDataset({ properties: finished(HANDLE, { instanceId: 'cluster-b' }) });
  const denied = (world: Inventory): Inventory => ({
    ...world,
    clusters: world.clusters.map((cluster) => ({
      ...cluster,
      lists: { ...cluster.lists, driverSecrets: unlisted<never>(notApplicable('may not read')) },
    })),
  });
  const world = (dataset = aDataset(), secret: Parameters<typeof aDriverSecret>[0] = {}) =>
    anInventory({
      // Where it works is said, so that nothing but what the Secret tells is missing.
      drivers: [aDriver({ system: 'nas1' })],
      datasets: [dataset],
      nfsShares: [anNfsShare()],
      driverSecrets: [aDriverSecret(secret)],
    });

  test('says that what is deleted is kept: where it could not be read, nothing is certain', () => {
    expect(certainIn(world())).toContain(forgotten);
    const keeping = world(aDataset(), { keepsDeleted: true });
    for (const each of [keeping, withoutList(keeping, 'driverSecrets')]) {
      expect(certainIn(each)).toEqual([]);
      expect(doubtsAbout(each, 'dataset-unclaimed', id)).toEqual(['not-kept-on-purpose']);
    }
  });

  test('says whose a dataset is that carries an id: a strange one is never certain', () => {
    const strange = world(foreign, { instanceId: 'cluster-a' });
    expect(certainIn(world(foreign, { instanceId: 'cluster-b' }))).toContain(forgotten);
    for (const each of [strange, denied(strange), withoutList(strange, 'driverSecrets')]) {
      expect(certainIn(each)).toEqual([]);
      expect(doubtsAbout(each, 'dataset-unclaimed', id)).toContain('no-foreign-owner');
    }
  });

  test('that may not be read says nothing, and a parent that is declared goes without', () => {
    expect(certainIn(denied(world()))).toContain(forgotten);
  });

  test('of another cluster has no say in a parent that is declared for this one', () => {
    const { clusters, ...rest } = world();
    const dev = withoutList(
      { ...rest, clusters: [clusterWith({}, aCluster({ name: 'dev', uid: 'dev' }))] },
      'driverSecrets',
    ).clusters;
    const both = (drivers: readonly DriverConfig[]): Inventory => ({
      ...rest,
      clusters: [...clusters, ...dev],
      drivers,
    });
    expect(certainIn(both([aDriver({ system: 'nas1', cluster: 'prod' })]))).toContain(forgotten);
    expect(certainIn(both([aDriver({ system: 'nas1' })]))).toEqual([]);
  });
});

describe('a control plane that came back from a backup', () => {
  const day = (text: string): Date => new Date(`2026-${text}T00:00:00Z`);
  const spring = { createdAt: day('03-01') };
  const old = upTo(45);
  const young = upTo(5, 901);
  const world = (over: {
    readonly last?: Date;
    readonly young?: readonly number[];
    readonly dev?: Date;
    readonly beside?: readonly Dataset[];
  }): Inventory => {
    const late = over.young ?? young;
    return worldOf({
      clusters: {
        prod: old.map((n) =>
          volumeOf('prod', n, n === 45 ? { createdAt: over.last ?? day('03-01') } : spring),
        ),
        ...(over.dev && { dev: [volumeOf('dev', 50, { createdAt: over.dev })] }),
      },
      datasets: [
        ...old.map((n) => aDataset({ id: idOf(n), ...spring })),
        ...late.map((n) => aDataset({ id: idOf(n), createdAt: day('10-20') })),
        aDataset({ id: idOf(50), ...spring }),
        ...(over.beside ?? []),
      ],
      drivers: [aDriver()],
    });
  };
  const certain = (over: Parameters<typeof world>[0]) =>
    certainIn(world(over)).filter((each) => each.startsWith('dataset-unclaimed'));

  test('knows none of what was made since: that is to be adopted, not thrown away', () => {
    expect(certain({ last: day('10-21') })).toContain(`dataset-unclaimed ${idOf(901)}`);
    expect(certain({}).filter((each) => !each.endsWith(idOf(50)))).toEqual([]);
    const found = findingsIn(world({})).find(({ subject }) => subject.name === idOf(901));
    expect(found?.remedy).toMatchObject({ action: 'adopt-dataset', safe: false });
    expect(doubtsAbout(world({}), 'dataset-unclaimed', idOf(901))).toEqual(['not-lost-by-restore']);
  });

  test('is suspected from three on, whatever older volumes are forgotten beside them', () => {
    expect(certain({ young: [901, 902] })).toContain(`dataset-unclaimed ${idOf(901)}`);
    const three = certain({ young: [901, 902, 903] });
    expect(three).not.toContain(`dataset-unclaimed ${idOf(901)}`);
    expect(three).toContain(`dataset-unclaimed ${idOf(50)}`);
  });

  test('may be any that uses the parent', () => {
    expect(certain({ last: day('10-21'), dev: day('10-22') })).toContain(
      `dataset-unclaimed ${idOf(901)}`,
    );
    expect(certain({ last: day('10-21'), dev: day('09-01') })).toEqual([]);
  });

  test('has forgotten the snapshots of that time as well', () => {
    const snapshot = (createdAt: Date) =>
      aZfsSnapshot({
        dataset: idOf(1),
        name: `snapshot-${SNAPSHOT_UID}`,
        details: details({
          createdAt,
          properties: finished(leafOf(1), {
            csiSnapshotName: `snapshot-${SNAPSHOT_UID}`,
            csiSnapshotSourceVolumeId: leafOf(1),
          }),
        }),
      });
    const taken = (at: Date): readonly string[] => {
      const { systems, ...rest } = world({});
      return certainIn({
        ...rest,
        systems: systems.map(({ identity, lists }) => ({
          identity,
          lists: {
            ...lists,
            zfsSnapshots: { items: [snapshot(at)], coverage: { state: 'complete' } },
          },
        })),
      }).filter((each) => each.startsWith('zfs-snapshot-unclaimed'));
    };
    expect(taken(day('02-01'))).toHaveLength(1);
    expect(taken(day('10-21'))).toEqual([]);
  });
});

describe('a replica to which the configuration was uploaded', () => {
  const bystanders = (system: string) => upTo(3).map((n) => aDataset({ system, id: idOf(n) }));
  const world = (drivers: readonly DriverConfig[], parentOnNas1 = PARENT): Inventory => {
    const lost = aDataset({ system: 'nas2', id: idOf(9) });
    const base = worldOf({
      clusters: { prod: upTo(3).map((n) => volumeOf('prod', n)) },
      datasets: [],
      drivers,
    });
    const nas1 = systemWith({
      datasets: bystanders('nas1'),
      nfsShares: sharesOf(bystanders('nas1')),
    });
    const without = {
      ...nas1,
      lists: {
        ...nas1.lists,
        datasets: {
          coverage: { state: 'complete' as const },
          items: [aFolder('tank'), aFolder(parentOnNas1)],
        },
      },
    };
    const datasets = [...bystanders('nas2'), lost];
    const nas2 = systemWith(
      { datasets, nfsShares: sharesOf(datasets, 'nas2') },
      aSystem({ name: 'nas2', hostId: 'two', host: 'nas2.example' }),
    );
    return { ...base, systems: [parentOnNas1 === PARENT ? nas1 : without, nas2] };
  };
  const forgotten = `dataset-unclaimed ${idOf(9)}`;

  test('exports what its source does, and is not taken for it', () => {
    expect(certainIn(world([aDriver({ system: 'nas2' })]))).toContain(forgotten);
    expect(certainIn(world([aDriver()]))).toEqual([]);
    expect(doubtsAbout(world([aDriver()]), 'dataset-unclaimed', idOf(9))).toEqual([
      'owner-registered',
    ]);
    expect(certainIn(world([aDriver()], 'tank/other'))).toContain(forgotten);
  });
});

test('a copy of a volume nobody has heard of may be of a cluster that shares the place for copies', () => {
  const container = 'tank/detached/pvc-9';
  const copy = aDataset({
    id: `${container}/snapshot-1`,
    properties: properties({
      owner: 'democratic-csi',
      managed: true,
      provisionSuccess: true,
      csiSnapshotName: 'snapshot-1',
      csiSnapshotSourceVolumeId: 'pvc-9',
    }),
  });
  const world = (...more: readonly Dataset[]): Inventory =>
    anInventory({
      datasets: [aFolder('tank/detached'), aFolder(container), copy, ...more],
    });
  const forgotten = `detached-snapshot-unclaimed ${copy.id}`;
  expect(certainIn(world(aDataset({ id: `${PARENT}/pvc-9` })))).toContain(forgotten);
  expect(certainIn(world())).toEqual([]);
});
