import { CLUSTER_SOURCES, SYSTEM_SOURCES } from '../../core/model/inventory.ts';

/*
 * Whether a file of ours still has the shape it was written in: enough of it that whoever reads it on meets no
 * surprise. What the objects of a list hold is left to those who judge them.
 */

type Fields = Readonly<Record<string, unknown>>;

const SOURCES: readonly unknown[] = [...CLUSTER_SOURCES, ...SYSTEM_SOURCES];

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function isCoverage(value: unknown): boolean {
  return isFields(value) && isText(value['state']);
}

function isStatus(value: unknown): boolean {
  return (
    isFields(value) &&
    isText(value['name']) &&
    isCoverage(value['coverage']) &&
    isListOf(value['unreadable'], isText)
  );
}

function isFirstSeen(value: unknown): boolean {
  return Array.isArray(value) && isText(value[0]) && isInstant(value[1]);
}

/** @param instants fields of an identity that hold an instant, or null */
function isMember(value: unknown, instants: readonly string[]): boolean {
  if (!isFields(value) || !isFields(value['identity']) || !isFields(value['coverage']))
    return false;
  const { identity, coverage } = value as { identity: Fields; coverage: Fields };
  return (
    isText(identity['name']) &&
    instants.every((key) => (identity[key] ?? null) === null || isInstant(identity[key])) &&
    Object.values(coverage).every(isCoverage)
  );
}

/** The first line of a stored scan, apart from its format and key. */
export function isHeaderShape(
  value: Fields,
  clusterInstants: readonly string[],
  systemInstants: readonly string[],
): boolean {
  return (
    isInstant(value['takenAt']) &&
    isListOf(value['clusters'], (member) => isMember(member, clusterInstants)) &&
    isListOf(value['systems'], (member) => isMember(member, systemInstants)) &&
    isListOf(value['drivers'], isFields) &&
    isListOf(value['firstSeen'], isFirstSeen) &&
    isListOf(value['confirmed'], isText) &&
    isListOf(value['sources'], isStatus)
  );
}

/** A line with a part of a list. @param most rows of one line */
export function isSliceShape(value: unknown, most: number): boolean {
  if (!isFields(value) || !SOURCES.includes(value['source'])) return false;
  const { table } = value;
  if (!isFields(table) || !isFields(table['columns'])) return false;
  const { rows, columns } = table as { rows: unknown; columns: Fields };
  if (typeof rows !== 'number' || !Number.isInteger(rows) || rows < 0 || rows > most) return false;
  return Object.values(columns).every((column) => isColumn(column, rows));
}

function isColumn(column: unknown, rows: number): boolean {
  if (!isFields(column)) return false;
  const { each } = column;
  return each === undefined || (Array.isArray(each) && each.length === rows);
}

/** A column of instants holds milliseconds that a date can hold, or null. */
export function areMillis(values: readonly unknown[]): boolean {
  return values.every(
    (value) =>
      (value ?? null) === null ||
      (typeof value === 'number' && !Number.isNaN(new Date(value).getTime())),
  );
}
