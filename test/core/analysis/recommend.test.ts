import { describe, expect, it } from 'vitest';
import { recommend } from '../../../src/lib/core/analysis/recommend.ts';
import { type Situation } from '../../../src/lib/core/analysis/recommend/situation.ts';
import {
  type PoolAnalysis,
  type Recommendation,
  RECOMMENDATION_ACTIONS,
  type VolumeAnalysis,
} from '../../../src/lib/core/model/analysis.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/lib/core/model/settings.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import {
  aGrowth,
  aPoolAnalysis,
  aRecommendation,
  aVolumeAnalysis,
  doesNotFill,
  fillsIn,
  gib,
  notEnough,
} from '../../support/analysis-builders.ts';
import { aFinding, aPvFinding } from '../../support/report-builders.ts';

const GIB = 2 ** 30;

/** A pool that is all right. */
const tank = aPoolAnalysis({ forecast: doesNotFill() });
/** A volume that needs nothing. */
const calm: Partial<VolumeAnalysis> = {
  snapshots: bytes(0),
  snapshotDetails: {
    ...aVolumeAnalysis().snapshotDetails,
    count: 0,
    beyondRetention: 0,
    bytes: bytes(0),
  },
  forecast: doesNotFill(),
  growth: aGrowth({ bytesPerDay: 0 }),
};

function adviceOn(over: Partial<Situation>): readonly Recommendation[] {
  const pools = over.pools ?? [tank];
  return recommend({
    pools,
    allPools: pools,
    volumes: [],
    roomy: [],
    isFileSystem: () => true,
    findings: [],
    reclaimable: (findings) =>
      bytes(findings.reduce((sum, { reclaimable }) => sum + reclaimable, 0)),
    thresholds: { ...DEFAULT_THRESHOLDS, snapshotRetention: millis(30 * 86_400_000) },
    ...over,
  }).recommendations;
}

const growing = (perDay: number) => aGrowth({ bytesPerDay: perDay * GIB, high: perDay * GIB });

function valuesOf({ numbers }: Recommendation): Record<string, number> {
  return Object.fromEntries(numbers.map(({ label, value }) => [label, value]));
}

describe('reclaim', () => {
  const certain = aFinding({ id: 'a', reclaimable: gib(60) });

  it('names what certain orphans hold on a pool, and the days that wins', () => {
    const [advice] = adviceOn({ findings: [certain] });
    expect(advice).toMatchObject({
      action: 'reclaim',
      subject: { type: 'Pool', name: 'tank' },
      gainBytes: gib(60),
      gainDays: 30,
    });
  });

  it('counts nothing that is not certain, no orphan, elsewhere, or free of charge', () => {
    const place = { system: 'nas2', path: 'tank/k8s/vols/x' };
    const findings = [
      aFinding({ confidence: 'likely' }),
      aFinding({ category: 'drift' }),
      aFinding({ place }),
      aPvFinding(),
    ];
    expect(adviceOn({ findings })).toEqual([]);
  });

  it('promises no days where it wins less than one', () => {
    const little = aFinding({ reclaimable: gib(1) });
    expect(adviceOn({ findings: [little] })).toMatchObject([{ gainBytes: gib(1), gainDays: null }]);
  });

  it('promises no days where the pool does not grow, or nobody knows', () => {
    for (const growth of [notEnough(), growing(0), growing(-1)]) {
      const [advice] = adviceOn({ findings: [certain], pools: [{ ...tank, growth }] });
      expect(advice).toMatchObject({ gainBytes: gib(60), gainDays: null });
    }
  });
});

describe('shrink-request', () => {
  const volume = aVolumeAnalysis({ provisioned: gib(100), used: gib(4) });

  it('names a smaller claim with a margin, and frees nothing of a thin volume', () => {
    const [advice] = adviceOn({ roomy: [{ volume, upper: gib(10), reserved: bytes(0) }] });
    expect(advice).toMatchObject({
      action: 'shrink-request',
      message: '100 GiB were promised, and 4 % of it is used: 15 GiB would do',
      gainBytes: null,
      subject: { type: 'PersistentVolumeClaim', namespace: 'shop', name: 'data-postgres-0' },
    });
    expect(advice && valuesOf(advice)).toMatchObject({ enough: gib(15), 'promised less': gib(85) });
  });

  it('counts what ZFS keeps free for a thick one', () => {
    const [advice] = adviceOn({ roomy: [{ volume, upper: gib(10), reserved: gib(96) }] });
    expect(advice).toMatchObject({ gainBytes: gib(85) });
  });

  it('says of what is hardly used that it is less than a hundredth, and of nothing that it is nothing', () => {
    const messageAt = (used: number) =>
      adviceOn({
        roomy: [{ volume: { ...volume, used: bytes(used) }, upper: gib(10), reserved: bytes(0) }],
      })[0]?.message;
    expect(messageAt(GIB - 1)).toBe(
      '100 GiB were promised, and less than 1 % of it is used: 15 GiB would do',
    );
    expect(messageAt(0)).toBe('100 GiB were promised, and none of it is used: 15 GiB would do');
  });

  it('is silent about less than 10 GiB, unless more was promised than the pool holds', () => {
    const small = { ...volume, provisioned: gib(12), used: gib(1) };
    const roomy = (upper: number) => [{ volume: small, upper: gib(upper), reserved: bytes(0) }];
    const pools = (overcommit: number | null) => [{ ...tank, overcommit }];
    expect(adviceOn({ roomy: roomy(2), pools: pools(1) })).toEqual([]);
    expect(adviceOn({ roomy: roomy(2), pools: pools(null) })).toEqual([]);
    expect(adviceOn({ roomy: roomy(1.3), pools: pools(1) })).toHaveLength(1);
    expect(adviceOn({ roomy: roomy(2), pools: pools(1.01) })).toHaveLength(1);
  });

  it('is silent where the fast end of the forecast needs a fifth of it', () => {
    expect(adviceOn({ roomy: [{ volume, upper: gib(20), reserved: bytes(0) }] })).toEqual([]);
  });
});

describe('prune-snapshots', () => {
  const details = { ...aVolumeAnalysis().snapshotDetails, count: 10, beyondRetention: 4 };

  it('estimates what those hold that are kept for too long', () => {
    const volume = aVolumeAnalysis({
      snapshotDetails: { ...details, bytes: gib(5) },
      snapshots: gib(5),
      used: gib(100),
      forecast: doesNotFill(),
    });
    expect(adviceOn({ volumes: [volume] })).toMatchObject([
      {
        action: 'prune-snapshots',
        message: '4 of 10 snapshots are kept for longer than 30d, and may hold 2 GiB',
        gainBytes: gib(2),
        gainDays: 1,
      },
    ]);
  });

  it('names snapshots that hold more than a third of the volume, whatever their age', () => {
    const heavy = aVolumeAnalysis({
      ...calm,
      used: gib(5),
      snapshots: gib(5),
      snapshotDetails: { ...details, count: null, beyondRetention: null, bytes: gib(5) },
    });
    expect(adviceOn({ volumes: [heavy] })).toMatchObject([
      { message: 'snapshots hold 5 GiB, 50 % of what the volume takes', gainBytes: gib(2) },
    ]);
    expect(adviceOn({ volumes: [{ ...heavy, snapshots: gib(2) }] })).toEqual([]);
  });
});

describe('raise-quota', () => {
  const filling = aVolumeAnalysis({
    ...calm,
    provisioned: gib(20),
    used: gib(19),
    growth: growing(0.1),
    forecast: fillsIn(10),
  });

  it('names the quota that lasts for half a year, while the pool has room', () => {
    const [advice] = adviceOn({ volumes: [filling] });
    expect(advice).toMatchObject({
      action: 'raise-quota',
      message: 'its quota is reached in 10 days, and pool tank has room',
      gainDays: 170,
    });
    expect(advice && valuesOf(advice)).toMatchObject({ 'quota for 180 days': gib(37) });
  });

  it('names the largest one there is room for, down to a month', () => {
    const close: PoolAnalysis = { ...tank, used: gib(380), snapshots: gib(417) };
    const [advice] = adviceOn({ volumes: [filling], pools: [close] });
    expect(advice).toMatchObject({ action: 'raise-quota', gainDays: 20 });
    expect(advice && valuesOf(advice)).toMatchObject({ 'quota for 30 days': gib(22) });
  });

  it('is told of a zvol as of blocks, which may be free inside', () => {
    const [advice] = adviceOn({ volumes: [filling], isFileSystem: () => false });
    expect(advice).toMatchObject({
      action: 'raise-quota',
      message:
        'for ZFS it is full in 10 days, which it need not be inside, and pool tank has room for a larger claim',
      gainDays: 170,
    });
    expect(advice?.steps[0]).toContain('`fstrim`');
    expect(advice && valuesOf(advice)).toMatchObject({
      size: gib(20),
      'size for 180 days': gib(37),
    });
  });

  it('is silent for one that has time, without a trend, and where the pool has no room', () => {
    const full: PoolAnalysis = { ...tank, available: gib(1) };
    expect(adviceOn({ volumes: [{ ...filling, forecast: fillsIn(31) }] })).toEqual([]);
    expect(adviceOn({ volumes: [{ ...filling, growth: notEnough() }] })).toEqual([]);
    expect(adviceOn({ volumes: [filling], pools: [full] })).toEqual([]);
  });
});

describe('expand-pool', () => {
  it('names what half a year of growth takes, where the pool is full soon', () => {
    const [advice] = adviceOn({ pools: [{ ...tank, forecast: fillsIn(60) }] });
    expect(advice).toMatchObject({
      action: 'expand-pool',
      message: 'pool tank is full in 60 days: it takes 360 GiB more for another 180 days',
      gainBytes: null,
      gainDays: 180,
    });
  });

  it('names what brings it below the first limit, where nothing is known of growth', () => {
    const above = { ...tank, used: gib(860), usedRatio: 0.9, growth: notEnough() };
    expect(adviceOn({ pools: [{ ...above, forecast: notEnough() }] })).toMatchObject([
      {
        message: '90 % of pool tank are used: it takes 125 GiB more to be below 80 %',
        gainDays: null,
      },
    ]);
    expect(adviceOn({ pools: [{ ...tank, forecast: fillsIn(91) }] })).toEqual([]);
  });
});

describe('rebalance', () => {
  const full = aPoolAnalysis({ forecast: fillsIn(50), available: gib(100), usedRatio: 0.7 });
  const spare = aPoolAnalysis({
    name: 'spare',
    used: gib(100),
    forecast: doesNotFill(),
    growth: growing(0.1),
  });
  const fast = aVolumeAnalysis({ ...calm, claim: 'fast', used: gib(100), growth: growing(1) });
  const huge = aVolumeAnalysis({ ...calm, claim: 'huge', used: gib(900), growth: growing(1.5) });

  function moves(over: Partial<Situation>): readonly Recommendation[] {
    const given = { pools: [full], allPools: [full, spare], volumes: [huge, fast], ...over };
    return adviceOn(given).filter(({ action }) => action === 'rebalance');
  }

  it('names the fastest volumes that fit on a pool with room for a year, and the days won', () => {
    expect(moves({})).toMatchObject([
      {
        message:
          'pool tank is full in 50 days, and pool spare has room for more than a year: shop/fast would fit there',
        gainDays: 150,
        gainBytes: null,
      },
    ]);
  });

  it('is silent where moving wins no day', () => {
    const slow = aVolumeAnalysis({ ...calm, used: gib(1), growth: growing(0.001) });
    expect(moves({ volumes: [slow] })).toEqual([]);
  });

  it('counts a pool as free for good once what grows as fast as it does is gone', () => {
    const all = aVolumeAnalysis({ ...calm, claim: null, used: gib(10), growth: growing(1) });
    const [advice] = moves({ pools: [{ ...full, growth: growing(1) }], volumes: [all] });
    expect(advice).toMatchObject({ gainDays: 730 - 50 });
    expect(advice?.message).toMatch(new RegExp(`: ${all.volume} would fit there$`));
  });

  it('moves three volumes of the pool at most, and none that does not grow', () => {
    const slim = (claim: string, over: Partial<VolumeAnalysis> = {}) =>
      aVolumeAnalysis({ ...calm, claim, used: gib(1), growth: growing(0.4), ...over });
    const elsewhere = [slim('other-pool', { pool: 'spare' }), slim('other', { system: 'nas2' })];
    const still = [slim('flat', { growth: growing(0) }), slim('young', { growth: notEnough() })];
    const [advice] = moves({
      volumes: [...elsewhere, ...still, slim('a'), slim('b'), slim('c'), slim('d')],
    });
    expect(advice?.message).toMatch(/: shop\/a, shop\/b and shop\/c would fit there$/);
  });

  it('chooses the pool with most room, one that fills after more than a year included', () => {
    const larger = { ...spare, name: 'larger', capacity: gib(2000), forecast: fillsIn(366) };
    const [advice] = moves({ allPools: [full, spare, larger] });
    expect(advice?.message).toContain('pool larger has room');
  });

  it('takes what is not known to be available for nothing', () => {
    const allPools = [full, { ...spare, available: null }];
    const [known, unknown] = [full, { ...full, available: null }].flatMap((pool) =>
      moves({ pools: [pool], allPools }),
    );
    // Growing by 1 instead of 2 GiB a day: 100 GiB moved, and as much more where it is there.
    expect([known?.gainDays, unknown?.gainDays]).toEqual([200 - 50, 100 - 50]);
    expect(valuesOf(known ?? aRecommendation())['available on spare']).toBe(0);
  });

  it('is silent where the pool itself is in no hurry, or nobody knows how it grows', () => {
    const calmer: readonly Partial<PoolAnalysis>[] = [
      { forecast: fillsIn(91) },
      { forecast: doesNotFill() },
      { growth: notEnough() },
    ];
    for (const over of calmer) expect(moves({ pools: [{ ...full, ...over }] })).toEqual([]);
  });

  it('is silent where the other pool is of another system, fills too, or is not known', () => {
    const others: readonly Partial<PoolAnalysis>[] = [
      { system: 'nas2' },
      { forecast: fillsIn(300) },
      { forecast: notEnough() },
      { growth: notEnough() },
      { capacity: null },
    ];
    for (const other of others) {
      expect(moves({ allPools: [full, { ...spare, ...other }] })).toEqual([]);
    }
    expect(moves({ volumes: [huge] })).toEqual([]);
  });
});

describe('all of them', () => {
  it('are ranked by bytes, then by days, each with its numbers and steps', () => {
    const heavy = aVolumeAnalysis({ used: gib(5), snapshots: gib(500), forecast: doesNotFill() });
    const all = adviceOn({
      pools: [{ ...tank, forecast: fillsIn(60) }],
      findings: [aFinding({ reclaimable: gib(60) })],
      volumes: [heavy],
    });
    expect(all.map(({ action }) => action)).toEqual(['prune-snapshots', 'reclaim', 'expand-pool']);
    for (const { numbers, steps, message } of all) {
      expect(numbers.length).toBeGreaterThan(1);
      expect(steps.every((step) => /^[A-Z].*\.$/.test(step))).toBe(true);
      expect(message).toMatch(/^[a-z0-9].*[^.]$/);
    }
    expect(all.every(({ action }) => RECOMMENDATION_ACTIONS.includes(action))).toBe(true);
  });

  it('are the largest of many of a kind', () => {
    const volumes = Array.from({ length: 30 }, (_, at) =>
      aVolumeAnalysis({ used: gib(1), snapshots: gib(at + 1), forecast: doesNotFill() }),
    );
    const { recommendations, omitted } = recommend({
      pools: [tank],
      allPools: [tank],
      volumes,
      roomy: [],
      isFileSystem: () => true,
      findings: [],
      reclaimable: () => bytes(0),
      thresholds: DEFAULT_THRESHOLDS,
    });
    expect(recommendations).toHaveLength(20);
    expect(omitted).toBe(10);
  });
});
