import { type SuppressedFinding } from '../../model/report.ts';
import { type CheckOutcome, type ValidationSummary } from '../../model/validation.ts';
import { toCsv, type CsvColumn } from '../csv.ts';
import { WIRE_SEVERITIES } from '../wire/validation.ts';
import { outcomeOf } from './suppressed.ts';

/** An outcome, and who said to leave it alone; null where nobody did. */
interface Row extends CheckOutcome {
  readonly suppression: SuppressedFinding | null;
}

/** Columns by name; new ones go to the end, so that readers by position keep working. */
const COLUMNS: readonly CsvColumn<Row>[] = [
  ['id', ({ id }) => id],
  ['component', ({ component }) => component],
  ['check', ({ check }) => check],
  ['title', ({ title }) => title],
  ['status', ({ status }) => status],
  ['severity', ({ severity }) => WIRE_SEVERITIES[severity]],
  ['type', ({ subject }) => subject?.type ?? null],
  ['namespace', ({ subject }) => subject?.namespace ?? null],
  ['name', ({ subject }) => subject?.name ?? null],
  ['cluster', ({ cluster }) => cluster],
  ['system', ({ system }) => system],
  ['message', ({ message }) => message],
  ['remediation_steps', ({ steps }) => steps.join(' ')],
  ['not_applicable', ({ notApplicable }) => notApplicable],
  ['suppressed', ({ suppression }) => suppression !== null],
  ['suppressed_by', ({ suppression }) => suppression?.by ?? null],
  ['suppressed_origin', ({ suppression }) => suppression?.origin ?? null],
  ['suppressed_reason', ({ suppression }) => suppression?.reason ?? null],
  ['suppressed_until', ({ suppression }) => suppression?.until?.toISOString() ?? null],
];

/** One outcome a line; the suppressed ones come last, and say so. */
export function renderValidationCsv({ results, suppressed }: ValidationSummary): string {
  return toCsv(COLUMNS, [
    ...results.map((outcome) => ({ ...outcome, suppression: null })),
    ...suppressed.map((suppression) => ({ ...outcomeOf(suppression.finding), suppression })),
  ]);
}
