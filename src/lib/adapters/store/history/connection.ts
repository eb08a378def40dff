import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkPrivateFile, ensurePrivateDirectory } from '../private-file.ts';
import { BrokenStoreError, NotOursError, TooNewError } from './failures.ts';
import { APPLICATION_ID, formatOf, migrate, MIGRATIONS } from './schema.ts';
import { sizeOfFile } from './set-aside.ts';
import {
  type Database,
  loadSqlite,
  MalformedRowError,
  numberIn,
  single,
  SQLITE,
  sqliteCode,
} from '../sqlite.ts';

/** What only tests want otherwise. */
export interface Tuning {
  readonly migrations: readonly string[];
  /** How long to wait for another process, in milliseconds. */
  readonly busyTimeout: number;
  /** Pages of 4 KiB the file may have; undefined for as many as fit on the disk. */
  readonly maxPages: number | undefined;
}

export const TUNING: Tuning = { migrations: MIGRATIONS, busyTimeout: 5_000, maxPages: undefined };

const RETRY_EVERY = 20;

/** Opens the store to write, which is made where it is not there. */
export async function connect(path: string, tuning: Tuning): Promise<Database> {
  await ensurePrivateDirectory(dirname(path));
  await checkPrivateFile(path);
  // SQLite makes a file that everybody may read, and gives its companions the rights of the file.
  await checkContent(path, constants.O_CREAT | constants.O_RDWR);
  return await openWith(path, tuning, async (database) => {
    checkOwner(database);
    checkFormat(database, tuning);
    await setUp(database, tuning);
  });
}

/** Opens the store to read; undefined where nobody has begun one. Only one of an older format is changed, to be understood. */
export async function connectToRead(path: string, tuning: Tuning): Promise<Database | undefined> {
  if (!(await checkPrivateFile(path))) return undefined;
  if (!(await checkContent(path, constants.O_RDONLY))) return undefined;
  const database = await openWith(path, tuning, (opened) => {
    checkOwner(opened);
    checkFormat(opened, tuning);
    if (formatOf(opened) > 0) migrate(opened, tuning.migrations);
  });
  if (formatOf(database) > 0) return database;
  database.close();
  return undefined;
}

async function openWith(
  path: string,
  tuning: Tuning,
  prepare: (database: Database) => void | Promise<void>,
): Promise<Database> {
  const Sqlite = loadSqlite();
  if (Sqlite === undefined) throw new NotOursError('this Node was built without SQLite');
  const database = new Sqlite(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${tuning.busyTimeout}`);
    await prepare(database);
    return database;
  } catch (error) {
    const cause = diagnose(database, error);
    database.close();
    throw cause;
  }
}

const MAGIC = 'SQLite format 3\0';

/**
 * Whether there is anything in the file. SQLite takes an empty file for a new database, and would remove a log it finds beside
 * that or beside something else, which may be all there is left.
 */
async function checkContent(path: string, flags: number): Promise<boolean> {
  // Before the file: who begins a store writes the log after it.
  const hasLog = sizeOfFile(`${path}-wal`) > 0;
  const file = await open(path, flags | constants.O_NOFOLLOW, 0o600);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    if (bytesRead === 0 && hasLog) throw damaged(new Error('it is empty, and its log is not'));
    if (bytesRead > 0 && buffer.toString('latin1') !== MAGIC) {
      throw damaged(new Error('it is no database'));
    }
    return bytesRead > 0;
  } finally {
    await file.close();
  }
}

function damaged(cause: unknown): BrokenStoreError {
  return new BrokenStoreError('the file is damaged', { cause });
}

function checkOwner(database: Database): void {
  const id = numberIn(single(database, 'PRAGMA application_id'));
  if (id === APPLICATION_ID) return;
  const isEmpty = id === 0 && single(database, 'SELECT count(*) FROM sqlite_schema') === 0;
  // Whoever made the file empty may have filled it since.
  if (isEmpty || single(database, 'PRAGMA application_id') === APPLICATION_ID) return;
  throw new NotOursError('it is a database of another program');
}

function checkFormat(database: Database, { migrations }: Tuning): void {
  const format = formatOf(database);
  if (format > migrations.length) throw new TooNewError(format);
}

async function setUp(database: Database, tuning: Tuning): Promise<void> {
  database.exec('PRAGMA foreign_keys = ON');
  const deadline = performance.now() + tuning.busyTimeout;
  // SQLite does not wait for others when it changes the kind of journal.
  while (!hasWriteAheadLog(database) && performance.now() < deadline) await sleep(RETRY_EVERY);
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304');
  migrate(database, tuning.migrations);
  if (tuning.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${tuning.maxPages}`);
}

/** @returns false while somebody else is in the way */
function hasWriteAheadLog(database: Database): boolean {
  try {
    single(database, 'PRAGMA journal_mode = WAL');
    return true;
  } catch (error) {
    if (sqliteCode(error) === SQLITE.busy) return false;
    throw error;
  }
}

const BROKEN: readonly (number | undefined)[] = [SQLITE.corrupt, SQLITE.notADatabase];
const SUSPICIOUS: readonly (number | undefined)[] = [SQLITE.error, SQLITE.constraint];

/** What an error says of the store: one that came of a broken file becomes a `BrokenStoreError`. */
export function diagnose(database: Database, error: unknown): unknown {
  const code = sqliteCode(error);
  if (BROKEN.includes(code)) return damaged(error);
  if (error instanceof MalformedRowError || (SUSPICIOUS.includes(code) && !isSound(database))) {
    return damaged(error);
  }
  return error;
}

function isSound(database: Database): boolean {
  try {
    return single(database, 'PRAGMA quick_check(1)') === 'ok';
  } catch (error) {
    return !BROKEN.includes(sqliteCode(error));
  }
}

/** Reads every page, for work that must not find out half-way that it wrote to a damaged store. */
export function requireSound(database: Database): void {
  if (!isSound(database))
    throw damaged(new Error('some of its pages are not as they were written'));
}
