import { type StorageAnalysis } from '../../model/analysis.ts';
import { toCsv, type CsvColumn } from '../csv.ts';
import { toVolume } from '../wire/analysis.ts';
import { type AnalysisWire } from '../wire/analysis-schema.ts';

type Row = AnalysisWire['volumes'][number];

/** What is known of growth alone; null where it is not. */
function ofGrowth(key: 'bytes_per_day' | 'low_bytes_per_day' | 'high_bytes_per_day') {
  return ({ growth }: Row): number | null => (growth.state === 'known' ? growth[key] : null);
}

/** Columns by name; new ones go to the end, so that readers by position keep working. */
const COLUMNS: readonly CsvColumn<Row>[] = [
  ['cluster', ({ cluster }) => cluster],
  ['namespace', ({ namespace }) => namespace],
  ['claim', ({ claim }) => claim],
  ['volume', ({ name }) => name],
  ['storage_class', ({ storage_class }) => storage_class],
  ['system', ({ system }) => system],
  ['pool', ({ pool }) => pool],
  ['dataset', ({ dataset }) => dataset],
  ['provisioned_bytes', ({ provisioned_bytes }) => provisioned_bytes],
  ['used_bytes', ({ used_bytes }) => used_bytes],
  ['used_ratio', ({ used_ratio }) => used_ratio],
  ['pressure', ({ pressure }) => pressure],
  ['compression_ratio', ({ compression_ratio }) => compression_ratio],
  ['snapshot_bytes', ({ snapshot_bytes }) => snapshot_bytes],
  ['snapshot_count', ({ snapshot_count }) => snapshot_count],
  ['snapshots_mapped', ({ snapshots }) => snapshots.mapped],
  ['snapshots_beyond_retention', ({ snapshots }) => snapshots.beyond_retention],
  ['oldest_snapshot_at', ({ snapshots }) => snapshots.oldest_at],
  ['newest_snapshot_at', ({ snapshots }) => snapshots.newest_at],
  ['snapshot_bytes_per_day', ({ snapshots }) => snapshots.bytes_per_day],
  ['growth_state', ({ growth }) => growth.state],
  ['growth_bytes_per_day', ofGrowth('bytes_per_day')],
  ['growth_low_bytes_per_day', ofGrowth('low_bytes_per_day')],
  ['growth_high_bytes_per_day', ofGrowth('high_bytes_per_day')],
  ['history_days', ({ growth }) => growth.days],
  ['forecast_state', ({ forecast }) => forecast.state],
  ['days_until_full', ({ forecast }) => forecast.days_until_full],
  ['full_at_earliest', ({ forecast }) => forecast.full_at_earliest],
  ['full_at_latest', ({ forecast }) => forecast.full_at_latest],
  ['confidence_level', ({ forecast }) => forecast.confidence_level],
];

/** One volume a line, all of them. */
export function renderAnalysisCsv({ volumes }: StorageAnalysis): string {
  return toCsv(COLUMNS, volumes.map(toVolume));
}
