import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type JournalKind } from '../../../core/cleanup/journal-lines.ts';
import { CleanupStoreError } from '../../../core/model/errors.ts';
import { type CleanupStore, type StoredJournal } from '../../../ports/cleanup-store.ts';
import { checkPrivateDirectory, ensurePrivateDirectory } from '../private-file.ts';
import { storeError } from './failures.ts';
import { createJournal, type JournalPlace, openJournal, readJournal } from './journal.ts';

const SUFFIX = '.jsonl';
const DIRECTORIES = { plan: 'plans', run: 'runs' } as const satisfies Record<JournalKind, string>;

/** No separator, no leading dot: an id names a file in its directory and nothing else. */
const ID = /^[A-Za-z\d][\w.-]{0,127}$/;

/** Plans and runs, each a file in a directory of this user alone. */
export function fileCleanupStore(directory: string): CleanupStore {
  const directoryOf = (kind: JournalKind): string => join(directory, DIRECTORIES[kind]);
  const placeOf = (kind: JournalKind, id: string): JournalPlace => {
    if (!ID.test(id)) throw badId(kind, id);
    return { kind, id, path: join(directoryOf(kind), `${id}${SUFFIX}`) };
  };
  const list = async (kind: JournalKind): Promise<readonly StoredJournal[]> => {
    const ids = await idsIn(directory, directoryOf(kind));
    const found: DatedJournal[] = [];
    // One after the other: each is read, hashed and gone before the next.
    for (const id of ids) found.push(...(await readDated(placeOf(kind, id))));
    return found.toSorted(byAge).map(({ journal }) => journal);
  };
  return {
    plans: () => list('plan'),
    runs: () => list('run'),
    async create(kind, id, first) {
      const place = placeOf(kind, id);
      const own = directoryOf(kind);
      try {
        await ensurePrivateDirectory(directory);
        await ensurePrivateDirectory(own);
      } catch (error) {
        throw storeError(own, 'cannot be made', error);
      }
      return await createJournal(place, first, [own, directory, dirname(directory)]);
    },
    async open(kind, id) {
      return await openJournal(placeOf(kind, id));
    },
  };
}

function badId(kind: JournalKind, id: string): CleanupStoreError {
  return new CleanupStoreError(`no ${kind} can be called ${JSON.stringify(id)}`, {
    remediation: [`Name a ${kind} as cleanup history lists it.`],
  });
}

async function idsIn(directory: string, own: string): Promise<readonly string[]> {
  try {
    await checkPrivateDirectory(directory);
    await checkPrivateDirectory(own);
    const names = await readdir(own);
    return names
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length))
      .filter((id) => ID.test(id))
      .toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw storeError(own, 'cannot be listed', error);
  }
}

interface DatedJournal {
  readonly journal: StoredJournal;
  /** When it was begun, in milliseconds; as far as the system knows, where the journal does not say. */
  readonly at: number;
  /** Of the file, for those that were begun at one instant, as all are where a clock stands still. */
  readonly madeAt: number;
}

/** Nothing where it was removed since its directory was read. */
async function readDated(place: JournalPlace): Promise<readonly DatedJournal[]> {
  const read = await readJournal(place);
  if (read === undefined) return [];
  const { entries, damage, modifiedAt, madeAt } = read;
  const [first] = entries;
  const { id, path } = place;
  const at = first === undefined ? modifiedAt : Date.parse(first.at);
  return [{ journal: { id, path, entries, damage }, at, madeAt }];
}

function byAge(a: DatedJournal, b: DatedJournal): number {
  return a.at - b.at || a.madeAt - b.madeAt || (a.journal.id < b.journal.id ? -1 : 1);
}
