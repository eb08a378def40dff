import {
  type Anomaly,
  type ClassAnalysis,
  type PoolAnalysis,
  type StorageAnalysis,
} from '../model/analysis.ts';
import { type ChartLimit } from '../model/chart.ts';
import { type Block } from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { type Thresholds } from '../model/settings.ts';
import { counted } from '../render/text/format.ts';
import {
  cell,
  column,
  countCell,
  dayCell,
  figure,
  figures,
  heading,
  names,
  NOTHING,
  numbers,
  paragraph,
  sizeCell,
  sorted,
  table,
  toneOf,
} from './blocks.ts';
import { eventsOf, scaleFor, sizeChart } from './charts.ts';
import { poolName, subjectHome, subjectName } from './names.ts';
import {
  dayText,
  forecastOrder,
  forecastSentence,
  forecastText,
  growthSentence,
  growthText,
  percentText,
  perDayText,
  signedText,
  sizeText,
  timesText,
} from './words.ts';

/** Pools with a part of their own: the most pressing ones. */
const MOST_POOLS = 20;
const MOST_ROWS = 100;

export function capacityBlocks({ analysis, thresholds }: FullReport): readonly Block[] {
  const { pools, anomalies } = analysis;
  return [
    figures(...totals(analysis)),
    paragraph(growthSentence(analysis.growth)),
    ...poolTable(pools, thresholds),
    ...poolBars(pools),
    ...pools.slice(0, MOST_POOLS).flatMap((pool, index) => [
      heading(`Pool ${poolName(pool)}`),
      ...poolBlocks(pool, `pool-${String(index + 1)}`, {
        thresholds,
        anomalies: anomalies.filter((each) => isOf(each, pool)),
      }),
    ]),
    ...classTable(analysis.classes),
    ...anomalyTable(anomalies),
  ];
}

function totals(analysis: StorageAnalysis): readonly ReturnType<typeof figure>[] {
  const { totalCapacity, totalAllocated, totalUsed, totalSnapshots } = analysis;
  const { thinProvisioningEfficiency: thin, poolOvercommitmentRatio: overcommit } = analysis;
  return [
    figure(
      'Usable capacity',
      sizeText(totalCapacity),
      'of the pools volumes live on, without parity',
    ),
    figure('Promised to volumes', sizeText(totalAllocated)),
    figure('Taken by volumes', sizeText(totalUsed), 'physical bytes, snapshots apart'),
    figure('Held by snapshots', sizeText(totalSnapshots)),
    ...(thin === null
      ? []
      : [
          figure(
            'Thin-provisioning efficiency',
            percentText(thin),
            'of what was promised is not taken',
          ),
        ]),
    ...(overcommit === null
      ? []
      : [figure('Overcommitment', timesText(overcommit), 'promised against usable capacity')]),
  ];
}

function poolTable(pools: readonly PoolAnalysis[], limits: Thresholds): readonly Block[] {
  return table(
    'pools',
    'Pools; used includes snapshots and whatever else lies there',
    pools,
    [
      names('pool', poolName),
      column('status', ({ status }) => cell(status, status === 'ONLINE' ? 'neutral' : 'bad')),
      numbers('capacity', ({ capacity }) => sizeCell(capacity)),
      numbers('used', ({ used, snapshots }) => sizeCell(used + snapshots)),
      numbers('used part', ({ usedRatio, severity }) =>
        usedRatio === null
          ? sizeCell(null)
          : sorted(
              percentText(usedRatio),
              usedRatio,
              severity === null ? 'neutral' : toneOf(severity),
            ),
      ),
      numbers('promised', ({ provisioned }) => sizeCell(provisioned)),
      numbers('overcommit', ({ overcommit }) =>
        overcommit === null
          ? NOTHING
          : sorted(
              timesText(overcommit),
              overcommit,
              overcommit > limits.maxOvercommit ? 'warning' : 'neutral',
            ),
      ),
      numbers('volumes', ({ volumes }) => countCell(volumes)),
      numbers('growth', ({ growth }) =>
        sorted(growthText(growth), growth.state === 'known' ? growth.bytesPerDay : 0),
      ),
      numbers('full', ({ forecast }) => sorted(forecastText(forecast), forecastOrder(forecast))),
    ],
    MOST_ROWS,
  );
}

/** How each pool is filled, beside the others. */
function poolBars(pools: readonly PoolAnalysis[]): readonly Block[] {
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
              `${poolName(pool)}: ${sizeText(pool.used)} used, ${sizeText(pool.snapshots)} in snapshots, ${sizeText(pool.available ?? 0)} free`,
          )
          .join('; '),
        unit: scale.unit,
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

function poolBlocks(pool: PoolAnalysis, id: string, context: PoolContext): readonly Block[] {
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
  // One day is a point and no line.
  if (history.length < 2) return [];
  const title = `Used space of pool ${poolName(pool)}`;
  const first = history[0];
  const last = history.at(-1);
  return [
    {
      kind: 'chart',
      chart: sizeChart({
        id,
        title,
        description: `${title}, snapshots included: from ${first === undefined ? '' : `${sizeText(first.value)} on ${dayText(first.day)}`} to ${last === undefined ? '' : `${sizeText(last.value)} on ${dayText(last.day)}`}${capacityWords(pool)}; growth: ${growthText(growth)}; full: ${forecastText(forecast)}.`,
        observed: 'used, with snapshots',
        history,
        ahead,
        limits: limitsOf(pool, thresholds),
        events: eventsOf(growth, anomalies),
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

function classTable(classes: readonly ClassAnalysis[]): readonly Block[] {
  return table(
    'classes',
    'StorageClasses',
    classes,
    [
      names('StorageClass', ({ storageClass }) => storageClass),
      column('cluster', ({ cluster }) => cell(cluster)),
      numbers('volumes', ({ volumes }) => countCell(volumes)),
      numbers('promised', ({ provisioned }) => sizeCell(provisioned)),
      numbers('used', ({ used }) => sizeCell(used)),
      numbers('snapshots', ({ snapshots }) => sizeCell(snapshots)),
      numbers('compression', ({ compression }) =>
        compression === null ? NOTHING : sorted(timesText(compression), compression),
      ),
      numbers('growth', ({ growth }) =>
        sorted(growthText(growth), growth.state === 'known' ? growth.bytesPerDay : 0),
      ),
    ],
    MOST_ROWS,
  );
}

function anomalyTable(anomalies: readonly Anomaly[]): readonly Block[] {
  if (anomalies.length === 0) return [];
  return [
    heading(counted(anomalies.length, 'anomaly', 'anomalies')),
    ...table(
      'anomalies',
      'Days on which something grew or shrank far beyond its habit',
      anomalies,
      [
        column('severity', ({ severity }) => cell(severity, toneOf(severity))),
        column('day', ({ day }) => dayCell(day)),
        names('object', ({ subject }) => subjectName(subject)),
        column('where', ({ subject }) => cell(subjectHome(subject))),
        numbers('change', ({ bytes }) => sorted(signedText(bytes), bytes)),
        numbers('usual', ({ usual }) => sorted(perDayText(usual), usual)),
        numbers('deviations', ({ deviations }) => sorted(deviations.toFixed(1), deviations)),
      ],
      MOST_ROWS,
    ),
  ];
}
