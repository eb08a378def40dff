import { parseInstant } from '../model/instant.ts';
import { type MovedDataset } from '../model/moved-dataset.ts';
import { type Dataset } from '../model/truenas.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { parentPath } from './paths.ts';

/** A dataset that somebody put aside, to see whether anybody misses it. */
export interface Quarantine {
  /** The dataset that carries the mark itself; those below it inherit it. */
  readonly root: Dataset;
  /** Where it lay when it was marked. */
  readonly path: string;
  /** Null where the mark does not say. */
  readonly since: Date | null;
  readonly planId: string | null;
  /**
   * Our own journals say that it was put aside on this system, where it lies, with this very mark: it is no copy, and nobody wrote
   * the mark by hand or restored it.
   */
  readonly byUs: boolean;
  /** What it held itself when we had put it aside, in bytes; null where no journal tells. */
  readonly heldThen: number | null;
}

/** What `truenas-monitor:ignore` on a dataset asks for. */
export interface IgnoreMark {
  /** Rule ids or globs. */
  readonly rules: readonly string[];
  /** It is over from this instant on; null for never, undefined where what is written is no instant. */
  readonly until: Date | null | undefined;
  readonly reason: string | null;
}

export interface MarkIndex {
  /** The quarantine a path lies in; undefined where it lies in none. */
  quarantineAt(system: string, path: string): Quarantine | undefined;
  /** What the dataset at a path, and not one above it, asks to ignore. */
  ignoreAt(system: string, path: string): IgnoreMark | undefined;
  /** Everything in quarantine, each root once. */
  readonly quarantines: readonly Quarantine[];
}

/** Anything but an instant in full is no date: what is read into half of one may lie years back. */
function instantOf(text = ''): Date | null {
  return parseInstant(text) ?? null;
}

/** Whether this is what a journal says was put aside here; what ZFS tells it by is compared where both sides know it. */
function isMoved(dataset: Dataset, path: string, move: MovedDataset): boolean {
  const differs = (a: string | null, b: string | null): boolean =>
    a !== null && b !== null && a !== b;
  return (
    move.to === dataset.id &&
    move.from === path &&
    !differs(move.guid, dataset.guid) &&
    !differs(move.createtxg, dataset.createtxg) &&
    move.mark === dataset.marks.quarantined
  );
}

/** Whether a mark that names another path was inherited, or came with a copy of what still lies there. */
function isCopy({ system, id, marks }: Dataset, path: string, index: DatasetIndex): boolean {
  const above = index.find(system, parentPath(id));
  const inherited = above?.marks.quarantined === marks.quarantined;
  return inherited || path === '' || index.find(system, path) !== undefined;
}

/**
 * Reads the mark of a dataset as its own. It holds the path of the dataset that was marked, because children, snapshots and
 * replicas show it too. One under another path is the marked dataset only if a journal says so, or nothing is left at the old
 * one: then it was moved, or is a copy of what is on another system.
 */
function readQuarantine(
  dataset: Dataset,
  index: DatasetIndex,
  moved: readonly MovedDataset[],
): Quarantine | undefined {
  const mark = dataset.marks.quarantined;
  if (mark === null) return undefined;
  const [path = '', since, plan] = mark.split(';');
  const planId = plan ?? null;
  const ours = moved.findLast((move) => isMoved(dataset, path, move));
  const byUs = ours !== undefined;
  if (path !== dataset.id && !byUs && isCopy(dataset, path, index)) return undefined;
  const heldThen = ours?.usedByDataset ?? null;
  return { root: dataset, path, since: instantOf(since), planId, byUs, heldThen };
}

function readIgnore({ id, marks }: Dataset): IgnoreMark | undefined {
  const [path, rules = '', until, ...reason] = (marks.ignore ?? '').split(';');
  if (path !== id) return undefined;
  return {
    rules: rules.split(',').flatMap((rule) => rule.trim() || []),
    until: until === undefined || until === '' ? null : parseInstant(until),
    reason: reason.join(';') || null,
  };
}

/**
 * Finds what was marked. Most systems hold nothing that is, and then every answer is at hand at once.
 *
 * @param moves what our journals say was moved on a system
 */
export function indexMarks(
  datasets: readonly Dataset[],
  index: DatasetIndex,
  moves: (system: string) => readonly MovedDataset[],
): MarkIndex {
  const quarantines = new Map<Dataset, Quarantine>();
  const ignores = new Map<Dataset, IgnoreMark>();
  for (const dataset of datasets) {
    const { quarantined, ignore } = dataset.marks;
    if (quarantined !== null) {
      const quarantine = readQuarantine(dataset, index, moves(dataset.system));
      if (quarantine !== undefined) quarantines.set(dataset, quarantine);
    }
    const mark = ignore === null ? undefined : readIgnore(dataset);
    if (mark !== undefined) ignores.set(dataset, mark);
  }
  const roots = [...quarantines.values()];
  // What is at the old place of one that was moved is another dataset.
  const atOldPlace = (system: string, path: string): Quarantine | undefined =>
    index.find(system, path) === undefined
      ? roots.find((each) => each.root.system === system && each.path === path)
      : undefined;
  return {
    quarantines: roots,
    quarantineAt: (system, path) => {
      if (roots.length === 0) return undefined;
      for (let each = path; each !== ''; each = parentPath(each)) {
        const dataset = index.find(system, each);
        const quarantine = dataset && quarantines.get(dataset);
        if (quarantine !== undefined) return quarantine;
      }
      return atOldPlace(system, path);
    },
    ignoreAt: (system, path) => {
      const dataset = ignores.size === 0 ? undefined : index.find(system, path);
      return dataset && ignores.get(dataset);
    },
  };
}
