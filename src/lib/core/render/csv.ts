import { type Report, type SuppressedFinding } from '../model/report.ts';
import { printable } from './text/safe.ts';
import { toFinding } from './wire/orphan-report.ts';
import { type OrphanReportWire } from './wire/schema.ts';

type FindingWire = OrphanReportWire['findings'][number];
type Cell = string | number | boolean | null;

/** A finding, and who said to leave it alone; null where nobody did. */
interface Row {
  readonly finding: FindingWire;
  readonly suppression: SuppressedFinding | null;
}

/** A column by its name, and what it holds of a row. */
export type CsvColumn<T> = readonly [name: string, cell: (row: T) => Cell];

/** Columns by name; new ones go to the end, so that readers by position keep working. */
const COLUMNS: readonly CsvColumn<Row>[] = [
  ['id', ({ finding }) => finding.id],
  ['rule', ({ finding }) => finding.rule],
  ['category', ({ finding }) => finding.category],
  ['severity', ({ finding }) => finding.severity],
  ['confidence', ({ finding }) => finding.confidence],
  ['type', ({ finding }) => finding.type],
  ['namespace', ({ finding }) => finding.namespace],
  ['name', ({ finding }) => finding.name],
  ['location', ({ finding }) => finding.location],
  ['cluster', ({ finding }) => finding.cluster],
  ['system', ({ finding }) => finding.system],
  ['created_at', ({ finding }) => finding.created_at],
  ['age_seconds', ({ finding }) => finding.age_seconds],
  ['size_bytes', ({ finding }) => finding.size_bytes],
  ['reclaimable_bytes', ({ finding }) => finding.reclaimable_bytes],
  ['approximate', ({ finding }) => finding.approximate ?? false],
  ['storage_class', ({ finding }) => finding.storage_class],
  ['truenas_reference', ({ finding }) => finding.truenas_reference],
  ['kubernetes_reference', ({ finding }) => finding.kubernetes_reference],
  ['reason', ({ finding }) => finding.reason],
  ['remediation_action', ({ finding }) => finding.remediation.action],
  ['remediation_safe', ({ finding }) => finding.remediation.safe],
  ['suppressed', ({ suppression }) => suppression !== null],
  ['suppressed_by', ({ suppression }) => suppression?.by ?? null],
  ['suppressed_origin', ({ suppression }) => suppression?.origin ?? null],
  ['suppressed_reason', ({ suppression }) => suppression?.reason ?? null],
  ['suppressed_until', ({ suppression }) => suppression?.until?.toISOString() ?? null],
  ['first_seen_at', ({ finding }) => finding.first_seen_at],
];

/** One finding a line; the suppressed ones come last, and say so. */
export function renderCsv({ findings, suppressed }: Report): string {
  const rows: Row[] = [
    ...findings.map((finding) => ({ finding: toFinding(finding), suppression: null })),
    ...suppressed.map((suppression) => ({
      finding: toFinding(suppression.finding),
      suppression,
    })),
  ];
  return toCsv(COLUMNS, rows);
}

/** A document as RFC 4180 has it, with a header, and nothing in it that a spreadsheet would work out. */
export function toCsv<T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string {
  const header = columns.map(([name]) => name).join(',');
  const lines = rows.map((row) => columns.map(([, cell]) => formatCell(cell(row))).join(','));
  return [header, ...lines].map((line) => `${line}\r\n`).join('');
}

/** What spreadsheets take for a formula, full-width look-alikes and leading blanks included. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/;

function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  // An apostrophe makes a spreadsheet show the text instead of working it out.
  const inert = printable(FORMULA.test(cell) ? `'${cell}` : cell);
  return /[",']|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
