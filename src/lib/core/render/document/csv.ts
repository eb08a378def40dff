import { SECTION_IDS, type SectionId } from '../../model/document.ts';
import { type FullReport } from '../../model/full-report.ts';
import { renderCsv } from '../csv.ts';
import { renderValidationCsv } from '../validation/csv.ts';
import {
  anomaliesCsv,
  classesCsv,
  poolHistoryCsv,
  poolsCsv,
  recommendationsCsv,
  snapshotsCsv,
  stuckSnapshotsCsv,
  volumesCsv,
} from './csv-analysis.ts';
import { changesCsv, comparisonCsv, sourcesCsv } from './csv-scan.ts';

/** A table of a report as CSV: documents bound theirs, these hold every row. */
export interface CsvTable {
  /** Part of the name of its file. */
  readonly name: string;
  readonly section: SectionId;
  readonly render: (full: FullReport) => string;
}

const TABLES: readonly CsvTable[] = [
  { name: 'changes', section: 'changes', render: changesCsv },
  { name: 'comparison', section: 'changes', render: comparisonCsv },
  { name: 'recommendations', section: 'reclaimable', render: recommendationsCsv },
  { name: 'findings', section: 'findings', render: ({ report }) => renderCsv(report) },
  { name: 'pools', section: 'capacity', render: poolsCsv },
  { name: 'pool-history', section: 'capacity', render: poolHistoryCsv },
  { name: 'classes', section: 'capacity', render: classesCsv },
  { name: 'anomalies', section: 'capacity', render: anomaliesCsv },
  { name: 'volumes', section: 'volumes', render: volumesCsv },
  { name: 'snapshots', section: 'snapshots', render: snapshotsCsv },
  { name: 'stuck-snapshots', section: 'snapshots', render: stuckSnapshotsCsv },
  {
    name: 'validation',
    section: 'validation',
    render: ({ validation }) => renderValidationCsv(validation),
  },
  { name: 'health', section: 'health', render: ({ health }) => renderValidationCsv(health) },
  { name: 'sources', section: 'coverage', render: sourcesCsv },
];

/** What decides which tables there are; whether they have a row does not. */
export interface CsvSelection {
  /** Null for every section. */
  readonly sections: readonly SectionId[] | null;
  readonly compared: boolean;
}

/** The tables of some sections, in the order of a document. */
export function csvTables({ sections, compared }: CsvSelection): readonly CsvTable[] {
  return SECTION_IDS.filter((id) => sections === null || sections.includes(id)).flatMap((id) =>
    TABLES.filter(({ section, name }) => section === id && (name !== 'comparison' || compared)),
  );
}

/** The one that is meant where there is room for one and none was asked for. */
export function mainTable(): CsvTable {
  const table = TABLES.find(({ name }) => name === 'findings');
  if (table === undefined) throw new Error('findings are a table of every report');
  return table;
}
