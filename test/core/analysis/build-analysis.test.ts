import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAnalysis, sinceOf } from '../../../src/lib/core/analysis/build-analysis.ts';
import { type PastSpace } from '../../../src/lib/core/analysis/past-space.ts';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type StorageAnalysis } from '../../../src/lib/core/model/analysis.ts';
import { failed, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { type AnalysisFilter, SHOW_ALL } from '../../../src/lib/core/model/filter.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/lib/core/model/settings.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { overcommit } from '../../../src/lib/core/rules/health/overcommit.ts';
import { poolCapacity } from '../../../src/lib/core/rules/health/pool-capacity.ts';
import {
  aContent,
  aDataset,
  aFolder,
  anInventory,
  aPool,
  aPv,
  aSnapshotTask,
  aVolumeSnapshot,
  aZfsSnapshot,
  details,
  HANDLE,
  NOW,
  PARENT,
  size,
} from '../../support/builders.ts';
import { outcomesIn } from '../../support/check-tester.ts';
import {
  aPast,
  aPoolPoint,
  daysBefore,
  gib,
  GIB,
  growingPool,
  growingVolume,
  pastDays,
} from '../../support/past-builders.ts';
import { aReport } from '../../support/report-builders.ts';

const DAY = 86_400_000;

interface Asked {
  readonly past?: PastSpace;
  readonly days?: number;
  readonly filter?: Partial<AnalysisFilter>;
  readonly retention?: number;
}

function analyze(inventory: Inventory, asked: Asked = {}): StorageAnalysis {
  const retention = asked.retention === undefined ? null : millis(asked.retention);
  const policy = {
    ...DEFAULT_POLICY,
    thresholds: { ...DEFAULT_THRESHOLDS, snapshotRetention: retention },
  };
  const evidence = correlate(inventory, policy);
  return buildAnalysis({
    report: aReport({
      takenAt: NOW,
      findings: [],
      suppressed: [],
      warnings: [],
      sources: evidence.statuses,
      clusters: inventory.clusters.map(({ identity }) => identity),
      systems: inventory.systems.map(({ identity }) => ({ ...identity, pools: [] })),
    }),
    evidence,
    past: asked.past,
    days: asked.days ?? 90,
    filter: { ...SHOW_ALL, ...asked.filter },
    policy,
  });
}

/** A pool of 100 GiB, 40 of them used, with a volume of 10 GiB that takes 4, and the bystander. */
function aWorld(over: Parameters<typeof anInventory>[0] = {}): Inventory {
  return anInventory({
    persistentVolumes: [aPv({ capacity: size(10 * GIB) })],
    datasets: [
      aFolder('tank', { used: size(40 * GIB), available: size(60 * GIB), compressRatio: 1.5 }),
      aDataset({
        refquota: size(10 * GIB),
        usedByDataset: size(4 * GIB),
        usedBySnapshots: size(GIB),
        used: size(5 * GIB),
        compressRatio: 2,
      }),
    ],
    ...over,
  });
}

describe('the present', () => {
  it('is told without any history, and what cannot be told yet is said', () => {
    const analysis = analyze(aWorld());
    expect(analysis).toMatchObject({
      totalCapacity: 100 * GIB,
      totalAllocated: 11 * GIB,
      totalUsed: 4 * GIB + 4096,
      totalSnapshots: GIB,
      history: { firstAt: null, lastAt: null, days: 0, askedDays: 90 },
      growth: { state: 'not-enough-data', days: 1 },
      forecast: { state: 'not-enough-data' },
      forecastPool: null,
    });
    expect(analysis.pools).toMatchObject([
      {
        name: 'tank',
        capacity: 100 * GIB,
        used: 39 * GIB,
        snapshots: GIB,
        usedRatio: 0.4,
        overcommit: 0.11,
        compression: 1.5,
        volumes: 2,
        severity: null,
      },
    ]);
    expect(analysis.thinProvisioningEfficiency).toBeCloseTo(7 / 11, 5);
    expect(analysis.poolOvercommitmentRatio).toBeCloseTo(0.11, 5);
    expect(analysis.volumes.find(({ volume }) => volume === HANDLE)).toMatchObject({
      used: 4 * GIB,
      snapshots: GIB,
      provisioned: 10 * GIB,
      usedRatio: 0.4,
      compression: 2,
      pressure: null,
    });
    expect(analysis.notes).toContain(
      'no history yet: growth needs 7 days with a scan, a forecast 14; each complete and unfiltered scan adds to it',
    );
  });

  it('weighs the compression of a class by bytes', () => {
    const world = aWorld({
      persistentVolumes: [aPv()],
      datasets: [
        aDataset({ usedByDataset: size(9 * GIB), usedBySnapshots: size(0), compressRatio: 2 }),
      ],
    });
    // The bystander has 4 KiB that do not compress.
    expect(analyze(world).classes).toMatchObject([{ compression: 2, volumes: 2 }]);
  });

  it('says which pool does not tell what is used, and leaves it out', () => {
    const world = aWorld({
      pools: [aPool(), aPool({ name: 'away', guid: '7', status: 'OFFLINE' })],
    });
    const { pools, notes } = analyze(world);
    expect(pools.map(({ name }) => name)).toEqual(['tank']);
    expect(notes).toContain('what is used is not told by 1 pool: away (OFFLINE)');
  });
});

describe('the past', () => {
  const past = aPast({
    pools: [growingPool(60, { now: 40, perDay: 0.5 })],
    volumes: [growingVolume(60, { now: 4, perDay: 0.05 })],
  });

  it('gives growth and a forecast that ends with the scan at hand', () => {
    const { pools, forecast, forecastPool, history, volumes } = analyze(aWorld(), { past });
    expect(pools[0]?.history.at(-1)).toEqual({ day: NOW, value: 40 * GIB });
    expect(pools[0]?.history).toHaveLength(61);
    expect(pools[0]?.growth).toMatchObject({ state: 'known', days: 61 });
    expect(pools[0]?.growth.state === 'known' && pools[0].growth.bytesPerDay / GIB).toBeCloseTo(
      0.5,
      6,
    );
    expect(forecast).toMatchObject({ state: 'fills', daysUntilFull: 120 });
    expect(forecastPool).toEqual({ system: 'nas1', name: 'tank' });
    expect(history).toEqual({
      firstAt: daysBefore(60),
      lastAt: daysBefore(1),
      days: 60,
      askedDays: 90,
    });
    const [first] = volumes;
    expect(first).toMatchObject({
      volume: HANDLE,
      forecast: { state: 'fills', daysUntilFull: 120 },
    });
    expect(first?.history).toHaveLength(61);
  });

  it('counts the scan at hand once, whether or not it was recorded already', () => {
    const recorded = growingPool(60, { now: 40, perDay: 0.5 });
    const again = { ...recorded, points: [...recorded.points, aPoolPoint(NOW, { used: gib(40) })] };
    const later = aPoolPoint(new Date(NOW.getTime() + DAY), { used: gib(99) });
    const withLater = { ...again, points: [...again.points, later] };
    const expected = analyze(aWorld(), { past: aPast({ pools: [recorded] }) }).pools;
    for (const pools of [[again], [withLater]]) {
      expect(analyze(aWorld(), { past: aPast({ pools }) }).pools).toEqual(expected);
    }
  });

  it('is the same in whatever order its points come, and however often', () => {
    const [pool] = past.pools;
    const points = pool?.points ?? [];
    const expected = analyze(aWorld(), { past });
    fc.assert(
      fc.property(fc.shuffledSubarray([...points], { minLength: points.length }), (shuffled) => {
        const again = {
          ...growingPool(0, { now: 40, perDay: 0 }),
          points: [...shuffled, ...shuffled],
        };
        const { pools, history } = analyze(aWorld(), { past: aPast({ pools: [again] }) });
        expect(pools).toEqual(expected.pools);
        expect(history).toEqual(expected.history);
      }),
      { numRuns: 20 },
    );
  });

  it('is looked at for as many days as were asked for', () => {
    const { pools, history } = analyze(aWorld(), { past, days: 10 });
    expect(pools[0]?.history).toHaveLength(10);
    expect(history).toMatchObject({ days: 9, askedDays: 10, firstAt: daysBefore(9) });
  });

  it('is looked at from midnight on, today counted: never a day more than was asked for', () => {
    const points = Array.from({ length: 24 * 12 }, (_, hours) =>
      aPoolPoint(new Date(NOW.getTime() - hours * 3_600_000), { used: gib(40) }),
    );
    const pool = { ...growingPool(0, { now: 40, perDay: 0 }), points };
    const { pools, history } = analyze(aWorld(), { past: aPast({ pools: [pool] }), days: 10 });
    expect(pools[0]?.history).toHaveLength(10);
    expect(history).toMatchObject({ days: 10, askedDays: 10 });
    const midnight = new Date(Math.floor(NOW.getTime() / DAY) * DAY - 9 * DAY);
    expect(history.firstAt).toEqual(midnight);
    expect(sinceOf(NOW, 10)).toEqual(midnight);
    expect(sinceOf(NOW, 1)).toEqual(new Date(Math.floor(NOW.getTime() / DAY) * DAY));
  });

  it('stays with a pool that was renamed, and not with another of its name', () => {
    const renamed = aWorld({ pools: [aPool({ guid: '4711' })] });
    const [pool] = past.pools;
    const pools = pool === undefined ? [] : [{ ...pool, name: 'before' }];
    expect(analyze(renamed, { past: aPast({ pools }) }).pools[0]?.history).toHaveLength(61);
    const other = aWorld({ pools: [aPool({ guid: '9999' })] });
    expect(analyze(other, { past }).pools[0]?.history).toHaveLength(1);
  });

  it('is not that of a dataset that was made again under the same path', () => {
    const again = growingVolume(60, { now: 4, perDay: 0.05 });
    const earlier = { ...again, createdAt: new Date('2026-01-01T00:00:00Z') };
    const { volumes } = analyze(aWorld(), { past: aPast({ volumes: [earlier] }) });
    expect(volumes.find(({ volume }) => volume === HANDLE)?.history).toHaveLength(1);
  });

  it('says which pool has too few days, and how many are needed', () => {
    const pools = [growingPool(4, { now: 40, perDay: 1 })];
    const { notes } = analyze(aWorld(), { past: aPast({ pools }) });
    expect(notes).toContain('no forecast yet: pool tank has 5 of 14 days');
  });

  it('of a zvol is never more than a hint', () => {
    const world = aWorld({
      datasets: [
        aDataset({
          kind: 'volume',
          refquota: null,
          volsize: size(10 * GIB),
          usedByDataset: size(4 * GIB),
        }),
      ],
    });
    const volume = analyze(world, { past }).volumes.find((each) => each.volume === HANDLE);
    expect(volume?.forecast).toMatchObject({ state: 'fills', confidence: 'low' });
  });
});

describe('what is shown', () => {
  it('is chosen by namespace, pool and class, and never changes what a pool holds', () => {
    const all = analyze(aWorld());
    const media = analyze(aWorld(), { filter: { namespaces: ['media'] } });
    expect(media.volumes.map(({ volume }) => volume)).toEqual([HANDLE]);
    expect(media.pools).toEqual(all.pools);
    expect(media.notes).toContain(
      'pools and classes are told as a whole, with the volumes that are not shown',
    );
    expect(analyze(aWorld(), { filter: { pools: ['tank'] } }).volumes).toHaveLength(2);
    expect(analyze(aWorld(), { filter: { storageClasses: ['nas-nfs'] } }).classes).toHaveLength(1);
  });

  it('is nothing, with a warning, where a name matches nothing', () => {
    const { warnings, pools, volumes } = analyze(aWorld(), {
      filter: { pools: ['tnak'], storageClasses: ['nas-nsf'], namespaces: ['meda'] },
    });
    expect(pools).toEqual([]);
    expect(volumes).toEqual([]);
    expect(warnings.map(({ message }) => message)).toEqual([
      '--namespace meda: nothing that was read lies in a namespace of that name; did you mean media?',
      '--pool tnak: no pool of that name was read; did you mean tank?',
      '--storage-class nas-nsf: no StorageClass of that name was read; did you mean nas-nfs?',
    ]);
  });
});

describe('snapshots', () => {
  const world = aWorld({
    volumeSnapshots: [aVolumeSnapshot({ createdAt: daysBefore(40) })],
    volumeSnapshotContents: [aContent({ createdAt: daysBefore(40) })],
    snapshotTasks: [aSnapshotTask({ naming: 'auto-%Y-%m-%d_%H-%M' })],
    zfsSnapshots: [
      aZfsSnapshot({ details: null }),
      aZfsSnapshot({ name: 'auto-2026-10-30_00-00', details: null }),
      aZfsSnapshot({ name: 'manual', details: null }),
    ],
  });

  it('are counted, mapped and dated by whatever tells, per volume and together', () => {
    const { volumes, snapshots, notes } = analyze(world, { retention: 30 * DAY });
    const expected = { count: 3, mapped: 1, undated: 1, beyondRetention: 1 };
    expect(volumes.find(({ volume }) => volume === HANDLE)?.snapshotDetails).toMatchObject({
      ...expected,
      bytes: GIB,
      oldest: daysBefore(40),
      newest: new Date('2026-10-30T00:00:00Z'),
    });
    expect(snapshots).toMatchObject({ ...expected, bytes: GIB, retentionSeconds: 30 * 86_400 });
    expect(notes.filter((note) => note.includes('snapshot'))).toHaveLength(2);
  });

  it('have no number where they were not listed', () => {
    const unread = anInventory();
    const inventory = {
      ...unread,
      systems: unread.systems.map((system) => ({
        ...system,
        lists: { ...system.lists, zfsSnapshots: unlisted<never>(failed('denied')) },
      })),
    };
    const { snapshots, volumes, notes } = analyze(inventory);
    expect(snapshots).toMatchObject({ count: null, mapped: null, undated: null });
    expect(volumes[0]?.snapshotDetails.count).toBeNull();
    expect(notes[0]).toContain('not read whole: zfsSnapshots of nas1');
  });

  it('are stuck where they are being deleted for long', () => {
    const deleted = aWorld({
      volumeSnapshotContents: [
        aContent({ deletedAt: daysBefore(3), finalizers: ['snapshot.storage/x'] }),
      ],
      zfsSnapshots: [aZfsSnapshot()],
    });
    const { snapshots } = analyze(deleted);
    const elsewhere = analyze(deleted, { filter: { namespaces: ['other'] } });
    expect(elsewhere.snapshots.stuck).toEqual([]);
    expect(snapshots.stuck).toMatchObject([
      {
        subject: { type: 'VolumeSnapshotContent' },
        reason: 'it is being deleted and still there, and waits for snapshot.storage/x',
        since: daysBefore(3),
      },
    ]);
  });
});

it('names snapshots that are held, or go with their last clone, where that is known', () => {
  const { snapshots } = analyze(
    aWorld({
      zfsSnapshots: [
        aZfsSnapshot({ name: 'held', details: details({ holds: ['backup'] }) }),
        aZfsSnapshot({ name: 'going', details: details({ deferDestroy: true }) }),
        aZfsSnapshot({ name: 'fine' }),
      ],
    }),
  );
  expect(snapshots.stuck.map(({ reason }) => reason)).toEqual([
    'it is held by backup',
    'it was destroyed, and goes with its last clone or hold',
  ]);
});

describe('a large estate', () => {
  const names = Array.from(
    { length: 520 },
    (_, at) => `pvc-${String(at).padStart(8, '0')}-1111-4000-8000-000000000000`,
  );
  const large = aWorld({
    persistentVolumes: names.map((name) => aPv({ name, claim: null })),
    datasets: names.map((name) =>
      aDataset({
        id: `${PARENT}/${name}`,
        refquota: size(100 * GIB),
        usedByDataset: size(40 * GIB),
      }),
    ),
  });
  const perDay = (at: number): number => (at + 1) / 2000;
  const { volumes } = analyze(large, {
    past: aPast({
      volumes: names.map((name, at) => growingVolume(89, { now: 40, perDay: perDay(at) }, name)),
    }),
  });

  it('has the growth of each volume right, and keeps the days of those that matter', () => {
    const [first] = volumes;
    expect(first?.volume).toBe(names.at(-1));
    for (const [at, name] of names.entries()) {
      const growth = volumes.find(({ volume }) => volume === name)?.growth;
      const slope = growth?.state === 'known' ? growth.bytesPerDay / GIB : 0;
      expect(slope).toBeCloseTo(perDay(at), 5);
    }
    const kept = volumes.filter(({ history }) => history.length > 0);
    expect(kept.length).toBeGreaterThanOrEqual(50);
    expect(kept.length).toBeLessThanOrEqual(100);
  });

  it('trusts a line alone the least', () => {
    const slow = volumes.find(({ volume }) => volume === names[0]);
    expect(slow?.forecast).toMatchObject({ state: 'does-not-fill', confidence: 'low' });
    expect(volumes[0]?.forecast).toMatchObject({ backTest: { coverage: 1 } });
  });
});

describe('anomalies', () => {
  it('are told of pools and volumes, newest first', () => {
    const jumpy = pastDays(60, (at, ago) => aPoolPoint(at, { used: gib(ago > 20 ? 20 : 40) }));
    const { anomalies } = analyze(aWorld(), {
      past: aPast({ pools: [growingPool(60, { now: 40, perDay: 0 }, { points: jumpy })] }),
    });
    expect(anomalies).toMatchObject([
      { subject: { type: 'Pool', name: 'tank', system: 'nas1' }, bytes: 20 * GIB },
    ]);
  });
});

it('measures a pool as the checks of health do', () => {
  const [pool] = analyze(aWorld()).pools;
  expect(pool).toMatchObject({ usedRatio: 0.4, overcommit: 0.11 });
  expect(outcomesIn(poolCapacity, aWorld())).toMatchObject([
    { message: '40 % of 100 GiB of pool tank are used' },
  ]);
  expect(outcomesIn(overcommit, aWorld())).toMatchObject([
    { message: '2 volumes on pool tank may grow to 11 GiB, 0.11 times its 100 GiB' },
  ]);
});
