import { type PoolAnalysis } from '../../model/analysis.ts';
import { type Thresholds } from '../../model/settings.ts';
import { type Forecast, type Growth } from '../../model/trend.ts';
import {
  type Family,
  family,
  knownOf,
  type Measured,
  measured,
  type Sample,
  statesOf,
} from './family.ts';

const POOL = ['system', 'pool'];

const NUMBERS: readonly (readonly [Family, (pool: PoolAnalysis) => number | null])[] = [
  [
    family('pool_capacity_bytes', 'Usable bytes of a pool, parity taken off.', POOL),
    ({ capacity }) => capacity,
  ],
  [family('pool_used_bytes', 'Bytes taken on a pool, snapshots apart.', POOL), ({ used }) => used],
  [
    family('pool_snapshot_bytes', 'Bytes of a pool that only snapshots hold.', POOL),
    ({ snapshots }) => snapshots,
  ],
  [
    family('pool_available_bytes', 'Bytes of a pool that are free.', POOL),
    ({ available }) => available,
  ],
  [
    family('pool_provisioned_bytes', 'Bytes that were promised to volumes on a pool.', POOL),
    ({ provisioned }) => provisioned,
  ],
  [
    family('pool_used_ratio', 'Part of a pool that is taken, snapshots included, 0 to 1.', POOL),
    ({ usedRatio }) => usedRatio,
  ],
  [
    family('pool_overcommit_ratio', 'What was promised on a pool against its capacity.', POOL),
    ({ overcommit }) => overcommit,
  ],
  [family('pool_volumes', 'Volumes of Kubernetes on a pool.', POOL), ({ volumes }) => volumes],
  [
    family('pool_snapshots', 'ZFS snapshots on a pool.', POOL),
    ({ snapshotCount }) => snapshotCount,
  ],
];

const growth = family(
  'pool_growth_bytes_per_second',
  'How fast a pool fills, by the trend of its history; negative where it empties. The 90 % interval lies between low and high.',
  [...POOL, 'bound'],
);
const fullIn = family(
  'pool_full_in_seconds',
  'How long until a pool is full as things go, with the ends of the 90 % interval; none where it does not fill within two years.',
  [...POOL, 'bound'],
);
const forecastState = family(
  'pool_forecast_state',
  'What can be said of when a pool fills: 1 for the state that holds, 0 for all others.',
  [...POOL, 'state'],
);
const status = family(
  'pool_healthy',
  '1 where ZFS calls a pool ONLINE, 0 where it is degraded or worse.',
  POOL,
);
const threshold = family(
  'pool_threshold_ratio',
  'Used part of a pool from which on it is a warning, and critical, as configured.',
  ['level'],
);
const overcommitThreshold = family(
  'overcommit_threshold_ratio',
  'What may be promised against the capacity of a pool, as configured.',
);

export const POOL_FAMILIES = [
  ...NUMBERS.map(([each]) => each),
  growth,
  fullIn,
  forecastState,
  status,
  threshold,
  overcommitThreshold,
];

const STATES: readonly Forecast['state'][] = ['fills', 'does-not-fill', 'not-enough-data'];

/** What is on pools, and how long there is room on them. */
export function poolMeasures(
  pools: readonly PoolAnalysis[],
  { poolWarning, poolCritical, maxOvercommit }: Thresholds,
  now: Date,
): readonly Measured[] {
  return [
    ...NUMBERS.map(([each, valueOf]) => measured(each, knownOf(pools, labelsOf, valueOf))),
    measured(
      growth,
      pools.flatMap((pool) => growthSamples(labelsOf(pool), pool.growth)),
    ),
    measured(
      fullIn,
      pools.flatMap((pool) => forecastSamples(labelsOf(pool), pool.forecast, now)),
    ),
    measured(
      forecastState,
      pools.flatMap((pool) => statesOf(labelsOf(pool), STATES, pool.forecast.state)),
    ),
    measured(
      status,
      knownOf(pools, labelsOf, (pool) => (pool.status === 'ONLINE' ? 1 : 0)),
    ),
    measured(threshold, [
      { labels: ['warning'], value: poolWarning },
      { labels: ['critical'], value: poolCritical },
    ]),
    measured(overcommitThreshold, [{ labels: [], value: maxOvercommit }]),
  ];
}

function labelsOf({ system, name }: PoolAnalysis): readonly string[] {
  return [system, name];
}

const SECONDS_A_DAY = 86_400;

function growthSamples(labels: readonly string[], trend: Growth): readonly Sample[] {
  if (trend.state !== 'known') return [];
  const { bytesPerDay, low, high } = trend;
  return bounds(labels, { expected: bytesPerDay, low, high }, (each) => each / SECONDS_A_DAY);
}

function forecastSamples(
  labels: readonly string[],
  forecast: Forecast,
  now: Date,
): readonly Sample[] {
  if (forecast.state === 'not-enough-data') return [];
  const secondsTo = (at: Date | null): number | null =>
    at === null ? null : Math.max(0, (at.getTime() - now.getTime()) / 1000);
  const fills = forecast.state === 'fills';
  return bounds(
    labels,
    {
      expected: fills ? forecast.daysUntilFull * SECONDS_A_DAY : null,
      earliest: secondsTo(forecast.fullAtEarliest),
      latest: fills ? secondsTo(forecast.fullAtLatest) : null,
    },
    (each) => each,
  );
}

function bounds(
  labels: readonly string[],
  values: Readonly<Record<string, number | null>>,
  convert: (value: number) => number,
): readonly Sample[] {
  return Object.entries(values).flatMap(([bound, value]) =>
    value === null ? [] : [{ labels: [...labels, bound], value: convert(value) }],
  );
}
