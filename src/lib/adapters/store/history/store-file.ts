import { type Clock } from '../../../ports/clock.ts';
import { type Logger } from '../../../ports/logger.ts';
import { checkPrivateFile } from '../private-file.ts';
import { connect, diagnose, type Tuning } from './connection.ts';
import { BrokenStoreError } from './failures.ts';
import { fileIdentity, setAside } from './set-aside.ts';
import { type Database, single } from './sqlite.ts';

export interface StoreFile {
  readonly path: string;
  exists(): Promise<boolean>;
  /** A database for one piece of work; a damaged one makes way for a new one, and the work is done again. */
  use<T>(work: (database: Database) => T | Promise<T>): Promise<T>;
  /** The same for work that cannot be done again, once it has begun. */
  useOnce<T>(work: (database: Database) => Promise<T>): Promise<T>;
  /** A database that is looked into, whatever is found: nothing is moved. */
  look<T>(work: (database: Database) => T): Promise<T>;
  /** A database to read one state of for some time, whatever is written meanwhile. */
  lend(): Promise<Lent>;
}

/** A database that somebody reads from. */
export interface Lent extends Disposable {
  readonly database: Database;
  /** Says what a failure means; a damaged file is put aside once the database is closed. */
  failed(error: unknown): unknown;
}

interface StoreFileOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tuning: Tuning;
}

export function storeFile({ path, clock, logger, tuning }: StoreFileOptions): StoreFile {
  function moveAway(identity: string | undefined, error: BrokenStoreError): void {
    const target = setAside(path, identity, clock.now());
    if (target === undefined) return;
    logger.log('warn', 'the history could not be read and was put aside; a new one is begun', {
      file: target,
      reason: error.cause instanceof Error ? error.cause.message : error.message,
    });
  }

  async function open(): Promise<Lent> {
    const before = fileIdentity(path);
    const database = await connect(path, tuning).catch((error: unknown) => {
      if (error instanceof BrokenStoreError) moveAway(before, error);
      throw error;
    });
    const identity = fileIdentity(path);
    let broken: BrokenStoreError | undefined;
    return {
      database,
      failed(error) {
        const cause = diagnose(database, error);
        if (cause instanceof BrokenStoreError) broken ??= cause;
        return cause;
      },
      [Symbol.dispose]() {
        if (!database.isOpen) return;
        database.close();
        if (broken !== undefined) moveAway(identity, broken);
      },
    };
  }

  async function within<T>(lent: Lent, work: (database: Database) => T | Promise<T>): Promise<T> {
    try {
      return await work(lent.database);
    } catch (error) {
      throw lent.failed(error);
    } finally {
      lent[Symbol.dispose]();
    }
  }

  return {
    path,
    exists: () => checkPrivateFile(path),
    async use(work) {
      return again(async () => within(await open(), work));
    },
    async useOnce(work) {
      return within(await again(open), work);
    },
    async lend() {
      const lent = await open();
      try {
        lent.database.exec('BEGIN');
        // A transaction begins with its first query.
        single(lent.database, 'SELECT count(*) FROM scan');
        return lent;
      } catch (error) {
        const cause = lent.failed(error);
        lent[Symbol.dispose]();
        throw cause;
      }
    },
    async look(work) {
      const database = await connect(path, tuning);
      try {
        return work(database);
      } catch (error) {
        throw diagnose(database, error);
      } finally {
        database.close();
      }
    },
  };
}

/** Does it once more where a damaged store has made way for a new one. */
async function again<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof BrokenStoreError)) throw error;
    return attempt();
  }
}
