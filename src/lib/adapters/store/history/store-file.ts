import { type Clock } from '../../../ports/clock.ts';
import { type Logger } from '../../../ports/logger.ts';
import { checkPrivateFile } from '../private-file.ts';
import { connect, connectToRead, diagnose, requireSound, type Tuning } from './connection.ts';
import { BrokenStoreError } from './failures.ts';
import { fileIdentity, setAside, sizeOf } from './set-aside.ts';
import { type Database, single } from '../sqlite.ts';

type Work<T> = (database: Database) => T | Promise<T>;

export interface StoreFile {
  readonly path: string;
  /** Writes; a damaged store makes way for a new one, and the work is done again. */
  write<T>(work: Work<T>): Promise<T>;
  /** The same for work that cannot be done again, once it has begun. */
  writeOnce<T>(work: Work<T>): Promise<T>;
  /** Changes what is there; undefined where there is nothing. A damaged store stays where it is. */
  change<T>(work: Work<T>): Promise<T | undefined>;
  /** Reads and changes nothing, not even a damaged store; undefined where there is nothing. */
  look<T>(work: Work<T>): Promise<T | undefined>;
  /** A database to read one state of for some time, whatever is written meanwhile; undefined where there is nothing. */
  lend(): Promise<Lent | undefined>;
}

/** A database that somebody reads from. */
export interface Lent extends Disposable {
  readonly database: Database;
  /** Says what a failure means. */
  failed(error: unknown): unknown;
}

interface StoreFileOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tuning: Tuning;
}

/** A store that was damaged, and where it is now; undefined where somebody else has moved it. */
interface Damaged {
  readonly state: 'damaged';
  readonly error: BrokenStoreError;
  readonly file: string | undefined;
}

type Attempt<T> = { readonly state: 'done'; readonly result: T } | Damaged;

export function storeFile({ path, clock, logger, tuning }: StoreFileOptions): StoreFile {
  /** Does the work, or puts the store aside that is too damaged for it. */
  async function attempt<T>(work: Work<T>): Promise<Attempt<T>> {
    let identity = fileIdentity(path);
    try {
      const database = await connect(path, tuning);
      identity = fileIdentity(path);
      return { state: 'done', result: await within(database, work) };
    } catch (error) {
      if (!(error instanceof BrokenStoreError)) throw error;
      return { state: 'damaged', error, file: setAside(path, identity, clock.now()) };
    }
  }

  function tell({ error, file }: Damaged, isNewBegun: boolean): void {
    if (file === undefined) return;
    const what = 'the history is damaged and was put aside';
    logger.log('warn', isNewBegun ? `${what}; a new one is begun` : what, {
      file,
      reason: error.cause instanceof Error ? error.cause.message : error.message,
    });
  }

  async function beginAnew<T>(damaged: Damaged, work: Work<T>): Promise<T> {
    let isBegun = false;
    try {
      const result = await finish(work);
      isBegun = true;
      return result;
    } finally {
      tell(damaged, isBegun);
    }
  }

  async function finish<T>(work: Work<T>): Promise<T> {
    const last = await attempt(work);
    if (last.state === 'done') return last.result;
    tell(last, false);
    throw last.error;
  }

  async function write<T>(work: Work<T>): Promise<T> {
    const first = await attempt(work);
    return first.state === 'done' ? first.result : beginAnew(first, work);
  }

  return {
    path,
    write,
    async writeOnce(work) {
      await write(requireSound);
      return finish(work);
    },
    async change(work) {
      if (!(await checkPrivateFile(path)) || sizeOf(path) === 0) return undefined;
      return within(await connect(path, tuning), work);
    },
    async look(work) {
      const database = await connectToRead(path, tuning);
      return database && within(database, work);
    },
    async lend() {
      const database = await connectToRead(path, tuning);
      return database && lent(database);
    },
  };
}

async function within<T>(database: Database, work: Work<T>): Promise<T> {
  try {
    return await work(database);
  } catch (error) {
    throw diagnose(database, error);
  } finally {
    database.close();
  }
}

function lent(database: Database): Lent {
  try {
    database.exec('BEGIN');
    // A transaction begins with its first query.
    single(database, 'SELECT count(*) FROM scan');
  } catch (error) {
    const cause = diagnose(database, error);
    database.close();
    throw cause;
  }
  return {
    database,
    failed: (error) => diagnose(database, error),
    [Symbol.dispose]() {
      if (database.isOpen) database.close();
    },
  };
}
