import { whyUnbelievable } from '../../../core/history/believable.ts';
import { HistoryError } from '../../../core/model/errors.ts';
import { type HistoryStatus } from '../../../core/model/history.ts';
import { type Millis } from '../../../core/model/units.ts';
import { type Clock } from '../../../ports/clock.ts';
import {
  type HistoryMaintenance,
  type HistoryStore,
  type Recorded,
} from '../../../ports/history.ts';
import { type Logger } from '../../../ports/logger.ts';
import { type Tuning, TUNING } from './connection.ts';
import { exportedFrom } from './export.ts';
import { BrokenStoreError, reasonOf, TooNewError } from './failures.ts';
import { importInto, UnbelievableRecordError } from './import.ts';
import { lentReader } from './lent-reader.ts';
import { prune } from './prune.ts';
import { recordReportAt, recordSample } from './record.ts';
import { listSetAside, sizeOf } from './set-aside.ts';
import { type Database } from '../sqlite.ts';
import { contentOf, NOTHING } from './status.ts';
import { type StoreFile, storeFile } from './store-file.ts';

export interface HistoryOptions {
  readonly path: string;
  /** How long anything is kept. */
  readonly retention: Millis;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The history in one file of SQLite; nothing is opened, or even loaded, before it is used. */
export function openHistory(
  options: HistoryOptions,
  tuning: Tuning = TUNING,
): HistoryStore & HistoryMaintenance {
  const file = storeFile({ ...options, tuning });
  return { ...storeIn(file, options), ...maintenanceOf(file, options) };
}

const KEPT: Recorded = { state: 'kept' };

function storeIn(
  file: StoreFile,
  { path, retention, clock, logger }: HistoryOptions,
): HistoryStore {
  async function keeping(
    what: string,
    at: Date,
    work: (database: Database, now: Date) => void,
  ): Promise<Recorded> {
    const now = clock.now();
    const unbelievable = whyUnbelievable(what, at, now);
    if (unbelievable !== null) return { state: 'not-kept', reason: unbelievable };
    try {
      await file.write((database) => {
        work(database, now);
      });
      return KEPT;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      return { state: 'not-kept', reason: `${path}: ${reason}` };
    }
  }

  function unreadable(error: unknown): void {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    logger.log('warn', 'the history cannot be read', { path, reason });
  }

  return {
    record: (sample) =>
      keeping('the scan', sample.at, (database, now) => {
        recordSample(database, sample, { retention, now });
      }),
    recordReport: (estate, at) =>
      keeping('the report', at, (database) => {
        recordReportAt(database, estate, at);
      }),
    async open() {
      try {
        const lent = await file.lend();
        return lent && lentReader(lent, unreadable);
      } catch (error) {
        unreadable(error);
        return undefined;
      }
    },
  };
}

const REMEDIATION: readonly string[] = [
  'Run `truenas-monitor history status` to see what is there',
  'Set `history.path` to use another file',
];

const OF_DAMAGED: readonly string[] = [
  'Move the file elsewhere, and bring an export back with `truenas-monitor history import FILE`',
  'Save what can be saved of it with `sqlite3 FILE .recover`',
];

function maintenanceOf(
  file: StoreFile,
  { path, clock, logger }: HistoryOptions,
): HistoryMaintenance {
  async function orRefuse<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw refusal(path, error);
    }
  }

  async function stateOf(): Promise<Pick<HistoryStatus, 'state'> & typeof NOTHING> {
    try {
      const content = await file.look(contentOf);
      if (content === undefined) return { ...NOTHING, state: { kind: 'absent' } };
      return { ...content, state: { kind: 'usable' } };
    } catch (error) {
      if (error instanceof TooNewError) {
        return { ...NOTHING, state: { kind: 'too-new', format: error.format } };
      }
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      return { ...NOTHING, state: { kind: 'unreadable', reason } };
    }
  }

  return {
    async status() {
      const state = await stateOf();
      return { ...state, path, bytes: sizeOf(path), setAside: await listSetAside(path) };
    },
    async *export() {
      const putAside = await listSetAside(path);
      using lent = await orRefuse(() => file.lend());
      let isEmpty = true;
      try {
        for (const record of lent === undefined ? [] : exportedFrom(lent.database)) {
          isEmpty = false;
          yield record;
        }
      } catch (error) {
        throw refusal(path, lent?.failed(error) ?? error);
      }
      const [oldest] = putAside;
      if (oldest === undefined) return;
      if (isEmpty) throw nothingButDamaged(path, putAside);
      logger.log(
        'warn',
        'a damaged history lies beside this one, and the export has nothing of it',
        { file: putAside.join(', ') },
      );
    },
    import: (records) =>
      orRefuse(() => file.writeOnce((database) => importInto(database, records, clock.now()))),
    async prune(before) {
      const bytesBefore = sizeOf(path);
      const removed = await orRefuse(() =>
        file.change((database) => prune(database, before, clock.now())),
      );
      // What belongs to the connection is gone with it.
      return { removed: removed ?? 0, bytesBefore, bytesAfter: sizeOf(path) };
    },
  };
}

/** Whoever keeps copies of the history would replace the last good one by nothing. */
function nothingButDamaged(path: string, putAside: readonly string[]): HistoryError {
  return new HistoryError(
    `there is nothing in the history at ${path}, and what was there is damaged: ${putAside.join(', ')}`,
    {
      remediation: [
        'Bring an earlier export back with `truenas-monitor history import FILE`',
        'Remove the damaged file, or move it elsewhere, once you are done with it',
      ],
    },
  );
}

/** The failure as the commands show it; what is no failure of the store stays what it is. */
function refusal(path: string, error: unknown): unknown {
  if (error instanceof UnbelievableRecordError) {
    return new HistoryError(`nothing was imported: ${error.message}`, {
      cause: error,
      remediation: ['Correct the clock of this machine, or the date of the record'],
    });
  }
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  return new HistoryError(`the history at ${path} cannot be used: ${reason}`, {
    cause: error,
    remediation: error instanceof BrokenStoreError ? OF_DAMAGED : REMEDIATION,
  });
}
