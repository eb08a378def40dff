import { removeBefore, thin } from './retention.ts';
import { type Database, inTransaction, SQLITE, sqliteCode } from '../sqlite.ts';

/** Removes what is older, and makes the file as small as what is left. Returns how much went. */
export function prune(database: Database, before: Date, now: Date): number {
  const removed = inTransaction(
    database,
    () => thin(database, now.getTime()) + removeBefore(database, before.getTime()),
  );
  giveBack(database);
  return removed;
}

const IN_THE_WAY: readonly (number | undefined)[] = [SQLITE.busy, SQLITE.locked, SQLITE.full];

/** Where others read, or there is no room for a copy, the space stays with the file, and is used for what comes next. */
function giveBack(database: Database): void {
  try {
    database.exec('VACUUM');
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!IN_THE_WAY.includes(sqliteCode(error))) throw error;
  }
}
