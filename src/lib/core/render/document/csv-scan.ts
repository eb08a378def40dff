import { type FindingMention, type FullReport } from '../../model/full-report.ts';
import { type SourceStatus } from '../../model/report.ts';
import { withEverySource } from '../../document/coverage.ts';
import { toCsv, type CsvColumn } from '../csv.ts';
import { snakeCase } from '../wire/names.ts';

interface Change extends FindingMention {
  readonly change: string;
  readonly since: Date;
}

/** Columns by name; new ones go to the end, so that readers by position keep working. */
const CHANGES: readonly CsvColumn<Change>[] = [
  ['change', ({ change }) => change],
  ['since', ({ since }) => since.toISOString()],
  ['id', ({ id }) => id],
  ['rule', ({ rule }) => rule],
  ['category', ({ category }) => category],
  ['severity', ({ severity }) => severity],
  ['object', ({ subject }) => subject],
  ['scope', ({ scope }) => scope],
  ['reclaimable_bytes', ({ reclaimable }) => reclaimable],
];

function rowsOf(
  since: Date,
  lists: Readonly<Record<string, readonly FindingMention[]>>,
): readonly Change[] {
  return Object.entries(lists).flatMap(([change, mentions]) =>
    mentions.map((mention) => ({ ...mention, change, since })),
  );
}

export function changesCsv({ changes }: FullReport): string {
  if (changes === null) return toCsv(CHANGES, []);
  const { since, opened, fixed, unknown } = changes;
  return toCsv(CHANGES, rowsOf(since, { new: opened, fixed, unknown }));
}

export function comparisonCsv({ comparison }: FullReport): string {
  if (comparison === null) return toCsv(CHANGES, []);
  const { since, opened, fixed, unchanged, unknown, suppressed } = comparison;
  return toCsv(CHANGES, rowsOf(since, { new: opened, fixed, unchanged, unknown, suppressed }));
}

const SOURCES: readonly CsvColumn<SourceStatus>[] = [
  ['name', ({ name }) => snakeCase(name)],
  ['cluster', ({ cluster }) => cluster],
  ['system', ({ system }) => system],
  ['state', ({ coverage }) => coverage.state],
  ['count', ({ count }) => count],
  ['reason', ({ coverage }) => (coverage.state === 'complete' ? null : coverage.reason)],
];

export function sourcesCsv(full: FullReport): string {
  return toCsv(SOURCES, withEverySource(full).sources);
}
