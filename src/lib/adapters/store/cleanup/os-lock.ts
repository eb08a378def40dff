import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CleanupStoreError } from '../../../core/model/errors.ts';
import { checkPrivateFile, ensurePrivateDirectory } from '../private-file.ts';
import { storeError } from './failures.ts';
import { type Database, loadSqlite, SQLITE, sqliteCode } from '../sqlite.ts';

/*
 * A lock of the operating system, which goes with its process, however that ends. Node has none; SQLite takes one for a transaction
 * that excludes all others. The database is never written, and stays empty.
 */

export interface OsLock extends Disposable {
  /** Whether it is held, and still by that name: who removes the file lets others in. */
  isHeld(): boolean;
}

/** Takes the lock; undefined where somebody has it, in this process or in another. Throws a `CleanupStoreError` where nobody can tell. */
export async function takeOsLock(path: string): Promise<OsLock | undefined> {
  try {
    await ensurePrivateDirectory(dirname(path));
    if (!(await checkPrivateFile(path))) makeFile(path);
    return lockFile(path);
  } catch (error) {
    throw storeError(path, 'cannot be locked', error);
  }
}

function lockFile(path: string): OsLock | undefined {
  const identity = identityOf(path);
  const database = openDatabase(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (sqliteCode(error) === SQLITE.busy) return undefined;
    throw error;
  }
  const lock = heldBy(database, path, identity);
  if (lock.isHeld()) return lock;
  lock[Symbol.dispose]();
  return undefined;
}

/**
 * Before SQLite does, which lets everybody read what it makes. In one go, and only of a file that is new: whoever closes a file gives
 * up every lock that their process has on it.
 */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    // A umask may have taken rights away.
    chmodSync(path, 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function identityOf(path: string): string | undefined {
  const info = statSync(path, { throwIfNoEntry: false });
  return info && `${info.dev}:${info.ino}`;
}

function openDatabase(path: string): Database {
  const Sqlite = loadSqlite();
  if (Sqlite !== undefined) return new Sqlite(path, { timeout: 0 });
  throw new CleanupStoreError(`${path} cannot be locked: this Node was built without SQLite`, {
    remediation: ['Use the Node that comes with truenas-monitor, or its binary.'],
  });
}

function heldBy(database: Database, path: string, identity: string | undefined): OsLock {
  return {
    isHeld: () => database.isOpen && database.isTransaction && identityOf(path) === identity,
    [Symbol.dispose]() {
      if (database.isOpen) database.close();
    },
  };
}
