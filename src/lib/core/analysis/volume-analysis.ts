import { type VolumeAnalysis, type VolumeSnapshots } from '../model/analysis.ts';
import { type DailyValue, type Forecast } from '../model/trend.ts';
import { type SpacePoint } from '../model/history.ts';
import { toDaily } from './daily.ts';
import { HORIZON_DAYS } from './forecast.ts';
import { type AnalysisTime } from './pool-analysis.ts';
import { limitOf, pressureOn } from './quota-pressure.ts';
import { ratioOf, spaceNow } from './ratios.ts';
import { throughPresent } from './series.ts';
import { QUICK, type Statistics } from './statistics.ts';
import { type VolumeSpace } from './volume-space.ts';

/** The days of a volume, ending with the scan at hand. */
export interface VolumeDays {
  readonly volume: VolumeSpace;
  /** Used without snapshots. */
  readonly days: readonly DailyValue[];
  /** Bytes a day by which its snapshots grow; null where that is not known. */
  readonly snapshotGrowth: number | null;
}

/** Without a quota there is nothing of its own to fill. */
const UNLIMITED: Forecast = {
  state: 'does-not-fill',
  horizonDays: HORIZON_DAYS,
  fullAtEarliest: null,
  confidence: 'high',
  backTest: null,
};

function forecastFor(
  { volume: { dataset }, days }: VolumeDays,
  limit: number | null,
  at: Date,
  statistics: Statistics,
): Forecast {
  if (limit === null) return UNLIMITED;
  const forecast = statistics.forecast(days, limit, at);
  // What is freed inside a zvol need not be told to ZFS, which then sees it grow, and may use the same blocks again.
  return dataset.kind === 'volume' && forecast.state !== 'not-enough-data'
    ? { ...forecast, confidence: 'low' }
    : forecast;
}

/** The days of a volume, and the slope of its snapshots: most have none, and theirs is nothing from the first day on. */
export function daysOf(
  volume: VolumeSpace,
  past: readonly SpacePoint[],
  { at, since }: AnalysisTime,
): VolumeDays {
  const points = throughPresent<SpacePoint>(past, { at, ...volume.space }, since);
  const growth = QUICK.growth(toDaily(points, ({ snapshots }) => snapshots, at));
  return {
    volume,
    days: toDaily(points, ({ used }) => used, at),
    snapshotGrowth: growth.state === 'known' ? growth.bytesPerDay : null,
  };
}

/** Without its history, which is too much to be kept of all. */
export function analyzeVolume(
  own: VolumeDays,
  snapshotDetails: VolumeSnapshots,
  { at, thresholds }: AnalysisTime,
  statistics: Statistics,
): VolumeAnalysis {
  const { pv, dataset, space } = own.volume;
  const limit = limitOf(dataset);
  return {
    ...spaceNow(space),
    cluster: pv.cluster,
    volume: pv.name,
    namespace: pv.claim?.namespace ?? null,
    claim: pv.claim?.name ?? null,
    storageClass: pv.storageClass,
    system: dataset.system,
    dataset: dataset.id,
    pool: dataset.pool,
    usedRatio: ratioOf(space.used, space.provisioned),
    pressure: pressureOn(dataset, space.used, limit, thresholds),
    growth: statistics.growth(own.days),
    forecast: forecastFor(own, limit, at, statistics),
    snapshotDetails,
    history: [],
  };
}
