import { beforeAll, describe, expect, it } from 'vitest';
import { anomaliesIn } from '../../../src/lib/core/analysis/anomalies.ts';
import { toDaily } from '../../../src/lib/core/analysis/daily.ts';
import { forecastOf } from '../../../src/lib/core/analysis/forecast.ts';
import { growthOf } from '../../../src/lib/core/analysis/growth.ts';
import { type DailyValue } from '../../../src/lib/core/model/trend.ts';
import { type HistoryRecord, type ScanSample } from '../../../src/lib/core/model/history.ts';
import { historyOf } from '../../../src/lib/lab/scenario/demo-history.ts';
import { demo } from '../../../src/lib/lab/scenario/demo.ts';
import { fleet } from '../../../src/lib/lab/scenario/fleet.ts';
import { SpaceRecords } from '../../../src/lib/lab/scenario/history/space-records.ts';
import { type World } from '../../../src/lib/lab/scenario/world.ts';
import { runWorld } from '../../support/scan-scenario.ts';

const GIB = 2 ** 30;
const TIB = 2 ** 40;
const DAY = 86_400_000;

type RecordOf<K extends HistoryRecord['kind']> = Extract<HistoryRecord, { readonly kind: K }>;

const world = demo.build('25.10');
const now = new Date(world.now);
const records = [...historyOf(world, 'demo')];

function ofKind<K extends HistoryRecord['kind']>(kind: K, from = records): readonly RecordOf<K>[] {
  return from.filter((record): record is RecordOf<K> => record.kind === kind);
}

const dayOf = (daysAgo: number): Date =>
  new Date(Math.floor((now.getTime() - daysAgo * DAY) / DAY) * DAY);

const poolPoints = (pool: string) =>
  ofKind('pool')
    .filter(({ name }) => name === pool)
    .map(({ point }) => point);

const poolSeries = (pool: string): readonly DailyValue[] =>
  toDaily(poolPoints(pool), ({ used, snapshots }) => used + snapshots, now);

function volumeSeries(claimed: string): readonly DailyValue[] {
  const points = ofKind('volume')
    .filter(({ namespace, claim }) => `${namespace ?? ''}/${claim ?? ''}` === claimed)
    .map(({ point }) => point);
  return toDaily(points, ({ used }) => used, now);
}

function growthIn(series: readonly DailyValue[]) {
  const growth = growthOf(series);
  return growth.state === 'known' ? growth : expect.fail('no growth');
}

/** The one sample a scan of the world leaves. */
async function sampleIn(of: World): Promise<ScanSample> {
  const samples: ScanSample[] = [];
  await using running = await runWorld(of);
  await running.scan(
    {},
    {
      history: {
        record: (sample) => {
          samples.push(sample);
          return Promise.resolve({ state: 'kept' });
        },
        recordReport: () => Promise.resolve({ state: 'kept' }),
        open: () => Promise.resolve(undefined),
      },
    },
  );
  return samples[0] ?? expect.fail('the scan was not recorded');
}

const sorted = <T>(items: readonly T[]): readonly T[] =>
  [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const without = (value: object, ...names: readonly string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/** A record as the sample it came from. */
const flat = (record: RecordOf<'pool' | 'class' | 'volume'>): object =>
  without({ ...record, ...record.point }, 'kind', 'point', 'at');

describe('the past of the demo', () => {
  it('is the same each time, and for a world that was kept as text', () => {
    const kept = JSON.parse(JSON.stringify(world)) as World;
    expect([...historyOf(kept, 'demo')]).toEqual(records);
  });

  it('has a scan a day for 120 days, and one an hour at last', () => {
    const scans = ofKind('scan').map(({ at }) => at.getTime());
    expect(scans).toEqual([...new Set(scans)].sort((a, b) => a - b));
    expect(scans.filter((at) => at < now.getTime() - DAY)).toHaveLength(119);
    expect(scans.filter((at) => at >= now.getTime() - DAY)).toHaveLength(23);
    expect(now.getTime() - (scans.at(-1) ?? 0)).toBe(3_600_000);
    expect(poolSeries('tank')).toHaveLength(121);
  });

  it('is in order within each series, before the present, and never before its subject was made', () => {
    const series = Map.groupBy(
      records.filter((each) => 'point' in each),
      (each) => JSON.stringify(without(each, 'point', 'volumes')),
    );
    expect(series.size).toBeGreaterThan(45);
    for (const [key, each] of series) {
      const instants = each.map(({ point }) => point.at.getTime());
      expect(instants, key).toEqual([...new Set(instants)].sort((a, b) => a - b));
      expect(instants.at(-1), key).toBeLessThan(now.getTime());
    }
    for (const { createdAt, point, dataset } of ofKind('volume')) {
      expect(point.at.getTime(), dataset).toBeGreaterThanOrEqual(createdAt?.getTime() ?? Infinity);
    }
  });

  it('has nothing that is larger than its pool, or negative', () => {
    for (const { point } of ofKind('pool')) {
      expect(point.used + point.snapshots).toBeLessThan(point.capacity);
      expect(point.logical).toBeGreaterThanOrEqual(point.used + point.snapshots);
    }
  });

  it('adds up: volumes are their classes, and part of their pools', () => {
    const byInstant = Map.groupBy(ofKind('volume'), ({ point }) => point.at.getTime());
    for (const [at, volumes] of byInstant) {
      const used = (list: readonly { readonly point: { readonly used: number } }[]): number =>
        list.reduce((sum, { point }) => sum + point.used, 0);
      const classes = ofKind('class').filter(({ point }) => point.at.getTime() === at);
      const classed = volumes.filter(({ storageClass }) => storageClass !== null);
      expect(used(classes)).toBe(used(classed));
      expect(classes.reduce((sum, each) => sum + each.volumes, 0)).toBe(classed.length);
      const pools = ofKind('pool').filter(({ point }) => point.at.getTime() === at);
      expect(used(volumes)).toBeLessThan(used(pools));
    }
  });
});

describe.each([
  ['demo', demo],
  ['fleet-50', fleet(50)],
])('where the past of %s ends', (name, scenario) => {
  let sample: ScanSample;
  const present = scenario.build('25.10');

  beforeAll(async () => {
    sample = await sampleIn(scenario.build('25.10'));
  });

  it('is what a scan of the present records, to the byte', () => {
    const ending = new SpaceRecords(present, { daily: [Date.parse(present.now)], hourly: [] });
    expect(sorted([...ending.pools()].map(flat))).toEqual(sorted(sample.pools));
    expect(sorted([...ending.classes()].map(flat))).toEqual(sorted(sample.classes));
    expect(sorted([...ending.volumes()].map(flat))).toEqual(sorted(sample.volumes));
  });

  it('is no further from it than what a day brings', () => {
    const last = new Map(
      ofKind('pool', [...historyOf(present, name)]).map(({ name: pool, point }) => [pool, point]),
    );
    expect(last.size).toBe(sample.pools.length);
    for (const { name: pool, used, snapshots } of sample.pools) {
      const before = last.get(pool);
      const step = used + snapshots - (before?.used ?? 0) - (before?.snapshots ?? 0);
      expect(Math.abs(step), pool).toBeLessThan(90 * GIB);
    }
  });

  it('has just the findings open that the scan has', () => {
    const open = ofKind('finding', [...historyOf(present, name)]).filter(
      ({ closedAt }) => closedAt === null,
    );
    for (const { openedAt, lastSeenAt, estate } of open) {
      expect(openedAt.getTime()).toBeLessThanOrEqual(lastSeenAt.getTime());
      expect([estate.clusters.length, estate.systems.length]).toEqual([1, 1]);
    }
    const kept = open.map((each) =>
      without(each, 'kind', 'openedAt', 'lastSeenAt', 'closedAt', 'estate'),
    );
    expect(sorted(kept)).toEqual(name === 'demo' ? sorted(sample.findings) : []);
  });
});

describe('findings of the past', () => {
  it('came and went, some of them since the last report', () => {
    const [report] = ofKind('report');
    const since = report?.at.getTime() ?? Infinity;
    expect(now.getTime() - since).toBe(7 * DAY);
    const spells = ofKind('finding');
    const closed = spells.flatMap(({ closedAt }) => closedAt?.getTime() ?? []);
    expect(closed.filter((at) => at < since).length).toBeGreaterThan(2);
    expect(closed.filter((at) => at > since).length).toBeGreaterThan(0);
    expect(spells.filter(({ openedAt }) => openedAt.getTime() > since).length).toBeGreaterThan(1);
    expect(new Set(spells.map(({ id }) => id)).size).toBe(spells.length);
  });
});

describe('what the past of the demo says', () => {
  it.each([
    ['tank', 70, 130],
    ['flash', 45, 100],
  ])('pool %s fills in good time', (pool, least, most) => {
    const capacity = poolPoints(pool).at(-1)?.capacity ?? 0;
    const forecast = forecastOf(poolSeries(pool), capacity, now);
    expect(forecast).toMatchObject({ state: 'fills' });
    const days = forecast.state === 'fills' ? forecast.daysUntilFull : 0;
    expect(days).toBeGreaterThan(least);
    expect(days).toBeLessThan(most);
  });

  it('several TiB came to tank on one day, and are no part of its trend', () => {
    const { steps, patterns, bytesPerDay } = growthIn(poolSeries('tank'));
    const [largest] = [...steps].sort((a, b) => b.bytes - a.bytes);
    expect(largest?.day).toEqual(dayOf(40));
    expect(largest?.bytes).toBeGreaterThan(2.9 * TIB);
    expect(patterns).toContain('steps');
    expect(bytesPerDay).toBeGreaterThan(60 * GIB);
    expect(bytesPerDay).toBeLessThan(90 * GIB);
  });

  it('backups have a week', () => {
    expect(growthIn(volumeSeries('backup/velero-store')).patterns).toContain('weekly');
    expect(growthIn(volumeSeries('media/jellyfin-media')).patterns).not.toContain('weekly');
  });

  it('one volume grew by hundreds of GiB in a day', () => {
    const [newest] = anomaliesIn(volumeSeries('media/downloads'));
    expect(newest).toMatchObject({ day: dayOf(5), severity: 'high' });
    expect(newest?.bytes).toBeGreaterThan(200 * GIB);
  });

  it('the new pool has not been there for long enough to say anything', () => {
    const series = poolSeries('archive');
    expect(series.length).toBeGreaterThan(3);
    expect(growthOf(series).state).toBe('not-enough-data');
    const capacity = poolPoints('archive').at(-1)?.capacity ?? 0;
    expect(forecastOf(series, capacity, now).state).toBe('not-enough-data');
  });
});

describe('the past of a fleet', () => {
  it('is 30 days of its pools and volumes, and none where it is very large', () => {
    const small = [...historyOf(fleet(20).build('25.10'), 'fleet-20')];
    expect(new Set(small.map(({ kind }) => kind))).toEqual(
      new Set(['scan', 'pool', 'class', 'volume']),
    );
    expect([...historyOf(fleet(2_001).build('25.10'), 'fleet-2001')]).toEqual([]);
  });
});
