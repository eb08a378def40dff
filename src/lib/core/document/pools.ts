import { type Anomaly, type PoolAnalysis } from '../model/analysis.ts';
import { type ChartLimit } from '../model/chart.ts';
import { type Block } from '../model/document.ts';
import { type Thresholds } from '../model/settings.ts';
import { paragraph } from './blocks.ts';
import { eventsOf, scaleFor, sizeChart } from './charts.ts';
import { poolName } from './names.ts';
import {
  dayText,
  forecastSentence,
  forecastText,
  growthSentence,
  growthText,
  percentText,
  signedText,
  sizeText,
} from './words.ts';

/** Pools with a part of their own: the most pressing ones. */
export const MOST_POOLS = 20;

/** How each pool is filled, beside the others. */
export function poolBars(pools: readonly PoolAnalysis[]): readonly Block[] {
  const known = pools.filter(({ capacity }) => capacity !== null).slice(0, MOST_POOLS);
  if (known.length === 0) return [];
  const scale = scaleFor(Math.max(...known.map(({ capacity }) => capacity ?? 0)));
  return [
    {
      kind: 'chart',
      chart: {
        kind: 'bars',
        id: 'pools-bars',
        title: 'Space of pools',
        description: known
          .map(
            (pool) =>
              `${poolName(pool)}: ${sizeText(pool.used)} used, ${sizeText(pool.snapshots)} in snapshots, ${sizeText(pool.available)} free`,
          )
          .join('; '),
        unit: scale.unit,
        adds: true,
        series: ['used', 'snapshots', 'free'],
        bars: known.map((pool) => ({
          label: poolName(pool),
          values: [pool.used, pool.snapshots, pool.available ?? 0].map(scale.of),
        })),
      },
    },
  ];
}

function isOf({ subject }: Anomaly, { system, name }: PoolAnalysis): boolean {
  return subject.type === 'Pool' && subject.name === name && subject.system === system;
}

interface PoolContext {
  readonly thresholds: Thresholds;
  readonly anomalies: readonly Anomaly[];
}

export function poolBlocks(pool: PoolAnalysis, id: string, context: PoolContext): readonly Block[] {
  const { growth, forecast } = pool;
  return [
    ...poolChart(pool, id, context),
    paragraph(growthSentence(growth)),
    ...(growth.state === 'known' && growth.steps.length > 0
      ? [
          paragraph(
            `Steps, which are no part of the trend: ${growth.steps.map(({ day, bytes }) => `${signedText(bytes)} on ${dayText(day)}`).join(', ')}.`,
          ),
        ]
      : []),
    // What it lacks is what growth lacks.
    ...(forecast.state === 'not-enough-data' && growth.state === 'not-enough-data'
      ? []
      : [paragraph(forecastSentence(forecast))]),
  ];
}

function poolChart(
  pool: PoolAnalysis,
  id: string,
  { thresholds, anomalies }: PoolContext,
): readonly Block[] {
  const { history, ahead, growth, forecast } = pool;
  const [first] = history;
  const last = history.at(-1);
  // One day is a point and no line.
  if (first === undefined || last === undefined || history.length < 2) return [];
  const title = `Used space of pool ${poolName(pool)}`;
  return [
    {
      kind: 'chart',
      chart: sizeChart({
        id,
        title,
        description: `${title}, snapshots included: from ${sizeText(first.value)} on ${dayText(first.day)} to ${sizeText(last.value)} on ${dayText(last.day)}${capacityWords(pool)}; growth: ${growthText(growth)}; full: ${forecastText(forecast)}.`,
        observed: 'used, with snapshots',
        history,
        ahead,
        limits: limitsOf(pool, thresholds),
        events: eventsOf(
          growth,
          anomalies.filter((each) => isOf(each, pool)),
        ),
        low: false,
      }),
    },
  ];
}

function capacityWords({ capacity }: PoolAnalysis): string {
  return capacity === null ? '' : `, of ${sizeText(capacity)}`;
}

function limitsOf({ capacity }: PoolAnalysis, thresholds: Thresholds): readonly ChartLimit[] {
  if (capacity === null) return [];
  const { poolWarning, poolCritical } = thresholds;
  return [
    { label: 'capacity', value: capacity },
    { label: `critical (${percentText(poolCritical)})`, value: capacity * poolCritical },
    { label: `warning (${percentText(poolWarning)})`, value: capacity * poolWarning },
  ];
}
