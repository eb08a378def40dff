import {
  type Anomaly,
  type ClassAnalysis,
  type PoolAnalysis,
  type StorageAnalysis,
} from '../model/analysis.ts';
import { type Block } from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { type Thresholds } from '../model/settings.ts';
import { counted } from '../render/text/format.ts';
import {
  cell,
  column,
  countCell,
  dayCell,
  growthCell,
  figure,
  figures,
  heading,
  listedHeading,
  names,
  NOTHING,
  numbers,
  paragraph,
  sizeCell,
  sorted,
  table,
  toneOf,
} from './blocks.ts';
import { classPromises, poolPromises } from './promises.ts';
import { MOST_POOLS, poolBars, poolBlocks } from './pools.ts';
import { poolName, subjectHome, subjectName } from './names.ts';
import {
  forecastOrder,
  forecastText,
  growthSentence,
  percentText,
  signedText,
  sizeText,
  timesText,
} from './words.ts';

const MOST_ROWS = 100;
/** More than this would crowd the contents. */
const LISTED_POOLS = 8;

export function capacityBlocks({ analysis, thresholds }: FullReport): readonly Block[] {
  const { pools, anomalies } = analysis;
  return [
    figures(...totals(analysis)),
    paragraph(growthSentence(analysis.growth)),
    ...poolTable(pools, thresholds),
    ...poolBars(pools),
    ...poolPromises(pools),
    ...pools.slice(0, MOST_POOLS).flatMap((pool, index) => [
      (pools.length > LISTED_POOLS ? heading : listedHeading)(`Pool ${poolName(pool)}`),
      ...poolBlocks(pool, `pool-${String(index + 1)}`, {
        thresholds,
        anomalies,
      }),
    ]),
    ...classTable(analysis.classes),
    ...classPromises(analysis.classes),
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
      numbers('growth a day', ({ growth }) => growthCell(growth)),
      numbers('full', ({ forecast }) => sorted(forecastText(forecast), forecastOrder(forecast))),
    ],
    MOST_ROWS,
  );
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
      numbers('growth a day', ({ growth }) => growthCell(growth)),
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
        numbers('usual a day', ({ usual }) => sorted(signedText(usual), usual)),
        numbers('deviations', ({ deviations }) => sorted(deviations.toFixed(1), deviations)),
      ],
      MOST_ROWS,
    ),
  ];
}
