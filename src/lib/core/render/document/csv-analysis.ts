import { type StorageAnalysis } from '../../model/analysis.ts';
import { type FullReport } from '../../model/full-report.ts';
import { toCsv, type CsvColumn } from '../csv.ts';
import { type AnalysisWire } from '../wire/analysis-schema.ts';
import { analysisToWire } from '../wire/analysis.ts';

/* What an analysis holds, one table each, in the words of the wire form. */

type Row<K extends 'pools' | 'storage_classes' | 'volumes' | 'anomalies' | 'recommendations'> =
  AnalysisWire[K][number];
type Growth = AnalysisWire['growth_trend'];

const WIRES = new WeakMap<StorageAnalysis, AnalysisWire>();

/** Seven tables are made of one analysis: it is put into words once. */
function wireOf(analysis: StorageAnalysis): AnalysisWire {
  const known = WIRES.get(analysis) ?? analysisToWire(analysis);
  WIRES.set(analysis, known);
  return known;
}
type Forecast = Row<'pools'>['forecast'];

interface SpaceRow {
  readonly provisioned_bytes: number | null;
  readonly used_bytes: number;
  readonly snapshot_bytes: number;
  readonly snapshot_count: number | null;
  readonly compression_ratio: number | null;
}

const SPACE: readonly CsvColumn<SpaceRow>[] = [
  ['provisioned_bytes', (row) => row.provisioned_bytes],
  ['used_bytes', (row) => row.used_bytes],
  ['snapshot_bytes', (row) => row.snapshot_bytes],
  ['snapshot_count', (row) => row.snapshot_count],
  ['compression_ratio', (row) => row.compression_ratio],
];

const GROWTH: readonly CsvColumn<{ readonly growth: Growth }>[] = [
  ['growth_state', ({ growth }) => growth.state],
  ['growth_bytes_per_day', ({ growth }) => known(growth)?.bytes_per_day ?? null],
  ['growth_low_bytes_per_day', ({ growth }) => known(growth)?.low_bytes_per_day ?? null],
  ['growth_high_bytes_per_day', ({ growth }) => known(growth)?.high_bytes_per_day ?? null],
];

function known(growth: Growth): Extract<Growth, { state: 'known' }> | null {
  return growth.state === 'known' ? growth : null;
}

const FORECAST: readonly CsvColumn<{ readonly forecast: Forecast }>[] = [
  ['forecast_state', ({ forecast }) => forecast.state],
  ['days_until_full', ({ forecast }) => forecast.days_until_full],
  ['full_at_earliest', ({ forecast }) => forecast.full_at_earliest],
  ['full_at_latest', ({ forecast }) => forecast.full_at_latest],
  ['confidence_level', ({ forecast }) => forecast.confidence_level],
];

interface Subject {
  readonly type: string;
  readonly name: string;
  readonly namespace: string | null;
  readonly cluster: string | null;
  readonly system: string | null;
}

const SUBJECT: readonly CsvColumn<Subject>[] = [
  ['type', ({ type }) => type],
  ['namespace', ({ namespace }) => namespace],
  ['name', ({ name }) => name],
  ['cluster', ({ cluster }) => cluster],
  ['system', ({ system }) => system],
];

export function poolsCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<Row<'pools'>>[] = [
    ['system', ({ system }) => system],
    ['pool', ({ name }) => name],
    ['status', ({ status }) => status],
    ['severity', ({ severity }) => severity],
    ['capacity_bytes', (row) => row.capacity_bytes],
    ['available_bytes', (row) => row.available_bytes],
    ...SPACE,
    ['used_ratio', (row) => row.used_ratio],
    ['overcommit_ratio', (row) => row.overcommit_ratio],
    ['volumes', ({ volumes }) => volumes],
    ...GROWTH,
    ...FORECAST,
  ];
  return toCsv(columns, wireOf(analysis).pools);
}

interface PoolDay {
  readonly system: string;
  readonly pool: string;
  readonly day: Date;
  readonly value: number;
}

export function poolHistoryCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<PoolDay>[] = [
    ['system', ({ system }) => system],
    ['pool', ({ pool }) => pool],
    ['day', ({ day }) => day.toISOString().slice(0, 10)],
    ['used_with_snapshots_bytes', ({ value }) => Math.round(value)],
  ];
  const days = analysis.pools.flatMap(({ system, name, history }) =>
    history.map((point) => ({ system, pool: name, ...point })),
  );
  return toCsv(columns, days);
}

export function classesCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<Row<'storage_classes'>>[] = [
    ['cluster', ({ cluster }) => cluster],
    ['storage_class', ({ name }) => name],
    ['volumes', ({ volumes }) => volumes],
    ...SPACE,
    ...GROWTH,
  ];
  return toCsv(columns, wireOf(analysis).storage_classes);
}

export function volumesCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<Row<'volumes'>>[] = [
    ['cluster', ({ cluster }) => cluster],
    ['volume', ({ name }) => name],
    ['namespace', ({ namespace }) => namespace],
    ['claim', ({ claim }) => claim],
    ['storage_class', (row) => row.storage_class],
    ['system', ({ system }) => system],
    ['pool', ({ pool }) => pool],
    ['dataset', ({ dataset }) => dataset],
    ...SPACE,
    ['used_ratio', (row) => row.used_ratio],
    ['pressure', ({ pressure }) => pressure],
    ...GROWTH,
    ...FORECAST,
  ];
  return toCsv(columns, wireOf(analysis).volumes);
}

export function snapshotsCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<Row<'volumes'>>[] = [
    ['cluster', ({ cluster }) => cluster],
    ['volume', ({ name }) => name],
    ['namespace', ({ namespace }) => namespace],
    ['claim', ({ claim }) => claim],
    ['system', ({ system }) => system],
    ['dataset', ({ dataset }) => dataset],
    ['snapshot_count', (row) => row.snapshot_count],
    ['snapshot_bytes', (row) => row.snapshot_bytes],
    ['mapped', ({ snapshots }) => snapshots.mapped],
    ['oldest_at', ({ snapshots }) => snapshots.oldest_at],
    ['newest_at', ({ snapshots }) => snapshots.newest_at],
    ['beyond_retention', ({ snapshots }) => snapshots.beyond_retention],
    ['undated', ({ snapshots }) => snapshots.undated],
    ['bytes_per_day', ({ snapshots }) => snapshots.bytes_per_day],
  ];
  return toCsv(columns, wireOf(analysis).volumes);
}

export function stuckSnapshotsCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<AnalysisWire['snapshots']['stuck'][number]>[] = [
    ...SUBJECT,
    ['since', ({ since }) => since],
    ['reason', ({ reason }) => reason],
  ];
  return toCsv(columns, wireOf(analysis).snapshots.stuck);
}

export function anomaliesCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<Row<'anomalies'>>[] = [
    ['day', ({ day }) => day],
    ['severity', ({ severity }) => severity],
    ...SUBJECT,
    ['bytes', ({ bytes }) => bytes],
    ['usual_bytes', (row) => row.usual_bytes],
    ['deviations', ({ deviations }) => deviations],
  ];
  return toCsv(columns, wireOf(analysis).anomalies);
}

export function recommendationsCsv({ analysis }: FullReport): string {
  const columns: readonly CsvColumn<Row<'recommendations'>>[] = [
    ['action', ({ action }) => action],
    ...SUBJECT,
    ['gain_bytes', (row) => row.gain_bytes],
    ['gain_days', (row) => row.gain_days],
    ['message', ({ message }) => message],
    ['steps', ({ steps }) => steps.join(' ')],
  ];
  return toCsv(columns, wireOf(analysis).recommendations);
}
