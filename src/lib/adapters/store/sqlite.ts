// A statement of types alone: with types inline Node would load the module, whether or not anything is kept.
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

export type Database = DatabaseSync;
export type Input = SQLInputValue;
export type Value = SQLOutputValue;

/** The SQLite of this Node; undefined where it was built without. Loaded when a store is first used. */
export function loadSqlite(): typeof DatabaseSync | undefined {
  const emitWarning = process.emitWarning; // eslint-disable-line @typescript-eslint/unbound-method -- it is put back as it was
  // Node 22 says on stderr that this module is experimental.
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite').DatabaseSync;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Primary result codes of SQLite. */
export const SQLITE = {
  error: 1,
  permission: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

/** Result code behind an error; undefined where SQLite did not make it. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  // The upper bits say more than anybody asks here.
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Does all of the work or nothing; waits for those who write before. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** A full disk has rolled back already. */
export function rollBack(database: Database): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}

/** A row that no version of this program has written. */
export class MalformedRowError extends Error {}

export function numberIn(value: Value | undefined): number {
  if (typeof value !== 'number') throw new MalformedRowError('a number is no number');
  return value;
}

export function textIn(value: Value | undefined): string {
  if (typeof value !== 'string') throw new MalformedRowError('a text is no text');
  return value;
}

export function maybe<T>(
  decode: (value: Value | undefined) => T,
  value: Value | undefined,
): T | null {
  return value === null || value === undefined ? null : decode(value);
}

/** The first column of the only row of a query. */
export function single(database: Database, sql: string, ...inputs: readonly Input[]): Value {
  const row = database.prepare(sql).get(...inputs);
  return Object.values(row ?? {})[0] ?? null;
}
