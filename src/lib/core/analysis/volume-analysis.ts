import {
  type DailyValue,
  type Forecast,
  type Growth,
  type VolumeAnalysis,
  type VolumeSnapshots,
} from '../model/analysis.ts';
import { type SpacePoint } from '../model/history.ts';
import { type DayAnomaly, anomaliesIn } from './anomalies.ts';
import { toDaily } from './daily.ts';
import { forecastOf, HORIZON_DAYS } from './forecast.ts';
import { growthOf } from './growth.ts';
import { type AnalysisTime } from './pool-analysis.ts';
import { limitOf, pressureOn } from './quota-pressure.ts';
import { ratioOf, spaceNow } from './ratios.ts';
import { throughPresent } from './series.ts';
import { type VolumeSpace } from './volume-space.ts';

/** A volume, and its days, which are too many to be kept of all. */
export interface AnalyzedVolume {
  /** Without its history. */
  readonly analysis: VolumeAnalysis;
  readonly days: readonly DailyValue[];
  readonly anomalies: readonly DayAnomaly[];
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
  { dataset }: VolumeSpace,
  days: readonly DailyValue[],
  limit: number | null,
  at: Date,
): Forecast {
  if (limit === null) return UNLIMITED;
  const forecast = forecastOf(days, limit, at);
  // What is freed inside a zvol need not be told to ZFS, which then sees it grow, and may use the same blocks again.
  return dataset.kind === 'volume' && forecast.state !== 'not-enough-data'
    ? { ...forecast, confidence: 'low' }
    : forecast;
}

/** Most volumes have no snapshots, and need no trend of them. */
function snapshotGrowth(points: readonly SpacePoint[], at: Date): Growth | undefined {
  if (points.every(({ snapshots }) => snapshots === 0)) return undefined;
  return growthOf(toDaily(points, ({ snapshots }) => snapshots, at));
}

function slopeOf(growth: Growth | undefined, known: boolean): number | null {
  if (growth === undefined) return known ? 0 : null;
  return growth.state === 'known' ? growth.bytesPerDay : null;
}

export function analyzeVolume(
  volume: VolumeSpace,
  past: readonly SpacePoint[],
  snapshots: (bytesPerDay: number | null) => VolumeSnapshots,
  { at, since, thresholds }: AnalysisTime,
): AnalyzedVolume {
  const { pv, dataset, space } = volume;
  const points = throughPresent<SpacePoint>(past, { at, ...space }, since);
  const days = toDaily(points, ({ used }) => used, at);
  const limit = limitOf(dataset);
  const growth = growthOf(days);
  const ofSnapshots = snapshotGrowth(points, at);
  return {
    analysis: {
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
      growth,
      forecast: forecastFor(volume, days, limit, at),
      snapshotDetails: snapshots(slopeOf(ofSnapshots, growth.state === 'known')),
      history: [],
    },
    days,
    anomalies: anomaliesIn(days),
  };
}
