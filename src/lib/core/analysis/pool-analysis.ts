import { type PoolAnalysis } from '../model/analysis.ts';
import { type DailyValue, type Forecast } from '../model/trend.ts';
import { type Severity } from '../model/finding.ts';
import { type PoolSeries, type SpacePoint } from '../model/history.ts';
import { type Thresholds } from '../model/settings.ts';
import { type DayAnomaly, anomaliesIn } from './anomalies.ts';
import { toDaily } from './daily.ts';
import { ahead, forecastOf } from './forecast.ts';
import { growthOf } from './growth.ts';
import { type PoolSpace } from './pool-space.ts';
import { ratioOf, spaceNow } from './ratios.ts';
import { throughPresent } from './series.ts';

/** How far ahead charts look. */
const AHEAD_DAYS = 90;

/** Of when and by which limits an analysis speaks. */
export interface AnalysisTime {
  /** The instant of the scan. */
  readonly at: Date;
  readonly since: Date;
  readonly thresholds: Thresholds;
}

/** A pool, and what others want to know of its days. */
export interface AnalyzedPool {
  readonly analysis: PoolAnalysis;
  readonly snapshotDays: readonly DailyValue[];
  readonly anomalies: readonly DayAnomaly[];
}

const PRESSING: readonly { readonly days: number; readonly severity: Severity }[] = [
  { days: 7, severity: 'critical' },
  { days: 30, severity: 'high' },
  { days: 90, severity: 'medium' },
];

function severityOf(
  usedRatio: number | null,
  forecast: Forecast,
  { poolWarning, poolCritical }: Thresholds,
): Severity | null {
  const days = forecast.state === 'fills' ? forecast.daysUntilFull : Number.POSITIVE_INFINITY;
  const soon = PRESSING.find((each) => days <= each.days)?.severity ?? null;
  const used = usedRatio ?? 0;
  if (used >= poolCritical) return 'critical';
  return used >= poolWarning && soon !== 'critical' ? 'high' : soon;
}

/** Undefined where the pool does not tell what is used of it. */
export function analyzePool(
  { pool, capacity, available, space, volumes }: PoolSpace,
  past: PoolSeries | undefined,
  { at, since, thresholds }: AnalysisTime,
  knowsPromises: boolean,
): AnalyzedPool | undefined {
  if (space === null) return undefined;
  const points: readonly SpacePoint[] = throughPresent<SpacePoint>(
    past?.points ?? [],
    { at, ...space },
    since,
  );
  const history = toDaily(points, ({ used, snapshots }) => used + snapshots, at);
  const usedRatio = ratioOf(space.used + space.snapshots, capacity);
  // Nothing can be full that has no size.
  const forecast = capacity === null ? forecastOf([], 0, at) : forecastOf(history, capacity, at);
  return {
    analysis: {
      ...spaceNow(space),
      provisioned: knowsPromises ? space.provisioned : null,
      system: pool.system,
      name: pool.name,
      status: pool.status,
      capacity,
      available,
      usedRatio,
      overcommit: knowsPromises ? ratioOf(space.provisioned, capacity) : null,
      volumes: knowsPromises ? volumes : null,
      growth: growthOf(history),
      forecast,
      history,
      ahead: ahead(history, at, AHEAD_DAYS),
      severity: severityOf(usedRatio, forecast, thresholds),
    },
    snapshotDays: toDaily(points, ({ snapshots }) => snapshots, at),
    anomalies: anomaliesIn(history),
  };
}
