import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ChainEnd,
  chainStart,
  decodeJournal,
  type DecodedJournal,
  encodeLine,
  type JournalKind,
} from '../../../core/cleanup/journal-lines.ts';
import { type JournalEntry } from '../../../core/cleanup/journal-schema.ts';
import { CleanupStoreError } from '../../../core/model/errors.ts';
import { type Journal } from '../../../ports/cleanup-store.ts';
import { checkPrivateDirectory, readPrivateBytes } from '../private-file.ts';
import { damagedError, reasonOf, storeError } from './failures.ts';
import { appendToFile, createFile, type KnownFile, knownFile } from './journal-file.ts';
import { readEnd, writeEnd } from './journal-end.ts';
import { type OsLock, takeOsLock } from './os-lock.ts';

/** What a journal is, and where. */
export interface JournalPlace {
  readonly kind: JournalKind;
  readonly id: string;
  readonly path: string;
}

/** What can be told of a journal without believing it. */
export interface ReadJournal {
  readonly entries: readonly JournalEntry[];
  readonly damage: string | null;
  /** In milliseconds. */
  readonly modifiedAt: number;
  /** When the file was made, as far as its file system keeps that. */
  readonly madeAt: number;
}

interface LoadedJournal extends DecodedJournal {
  readonly file: KnownFile;
  readonly modifiedAt: number;
  /** When the file was made, as far as its file system keeps that. */
  readonly madeAt: number;
}

/** Undefined where there is none. */
async function load({ kind, id, path }: JournalPlace): Promise<LoadedJournal | undefined> {
  const known = await readEnd(path);
  const found = await readPrivateBytes(path);
  if (found === undefined) return undefined;
  const { bytes, info } = found;
  const decoded = decodeJournal(bytes, chainStart(kind, id), known);
  const file = knownFile(info, decoded.length, bytes.length);
  return { ...decoded, file, modifiedAt: info.mtimeMs, madeAt: info.birthtimeMs };
}

/** One that cannot be read is told as a damaged one; undefined where there is none. */
export async function readJournal(place: JournalPlace): Promise<ReadJournal | undefined> {
  try {
    return await load(place);
  } catch (error) {
    const info = await lstat(place.path).catch(() => undefined);
    return {
      entries: [],
      damage: reasonOf(error),
      modifiedAt: info?.mtimeMs ?? 0,
      madeAt: info?.birthtimeMs ?? 0,
    };
  }
}

export async function createJournal(
  place: JournalPlace,
  first: JournalEntry,
  directories: readonly string[],
): Promise<Journal> {
  const { text, end } = encodeLine(chainStart(place.kind, place.id), first);
  try {
    const file = await createFile(place.path, text, directories);
    await writeEnd(place.path, end);
    return journalAt(place, { entries: [first], end, file });
  } catch (error) {
    throw storeError(place.path, 'cannot be made', error);
  }
}

export async function openJournal(place: JournalPlace): Promise<Journal> {
  const { kind, id, path } = place;
  const loaded = await loadWhole(place);
  if (loaded === undefined) {
    throw new CleanupStoreError(`there is no ${kind} ${id}`, {
      remediation: [`Name a ${kind} as cleanup history lists it.`],
      details: { path },
    });
  }
  return journalAt(place, loaded);
}

async function loadWhole(place: JournalPlace): Promise<LoadedJournal | undefined> {
  const { path } = place;
  try {
    await checkPrivateDirectory(dirname(dirname(path)));
    const loaded = await load(place);
    if (loaded !== undefined && loaded.damage !== null) throw damagedError(path, loaded.damage);
    return loaded;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw storeError(path, 'cannot be read', error);
  }
}

interface JournalState {
  readonly entries: readonly JournalEntry[];
  readonly end: ChainEnd;
  readonly file: KnownFile;
}

function journalAt(place: JournalPlace, initial: JournalState): Journal {
  const { id, path } = place;
  let state = initial;
  let last: Promise<void> = Promise.resolve();
  const add = async (entry: JournalEntry): Promise<void> => {
    const { text, end } = encodeLine(state.end, entry);
    const lock = place.kind === 'plan' ? await lockPlans(path) : undefined;
    try {
      const file = await appendToFile(path, state.file, text);
      await writeEnd(path, end);
      state = { entries: [...state.entries, entry], end, file };
    } catch (error) {
      throw storeError(path, 'cannot be added to', error);
    } finally {
      lock?.[Symbol.dispose]();
    }
  };
  return {
    id,
    path,
    damage: null,
    get entries() {
      return state.entries;
    },
    append(entry) {
      // In the order in which they were asked for; after one that failed nobody knows what is in the file, until it is read anew.
      last = last.then(() => add(entry));
      return last;
    },
  };
}

const RETRY_EVERY = 20;
const PATIENCE = 5_000;

/** Runs have a lock of their own; of plans several people may say something at once. */
async function lockPlans(path: string): Promise<OsLock> {
  const file = `${dirname(path)}/lock.db`;
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const lock = await takeOsLock(file);
    if (lock !== undefined) return lock;
    if (performance.now() > deadline) {
      throw new CleanupStoreError(`${path} cannot be added to: somebody else keeps it locked`, {
        remediation: ['Find out which process has it, then run the command again.'],
        details: { path },
      });
    }
    await sleep(RETRY_EVERY);
  }
}
