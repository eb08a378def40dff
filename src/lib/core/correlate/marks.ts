import { parseInstant } from '../model/instant.ts';
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

/**
 * Reads the mark of a dataset as its own. It holds the path of the dataset that was marked, because children, snapshots and
 * replicas show it too. One under another path is the marked dataset only if nothing is left at the old one: it was moved.
 */
function readQuarantine(dataset: Dataset, index: DatasetIndex): Quarantine | undefined {
  const mark = dataset.marks.quarantined;
  if (mark === null) return undefined;
  const [path = '', since, planId] = mark.split(';');
  if (path !== dataset.id) {
    const above = index.find(dataset.system, parentPath(dataset.id));
    const inherited = above?.marks.quarantined === mark;
    if (inherited || path === '' || index.find(dataset.system, path) !== undefined)
      return undefined;
  }
  return { root: dataset, path, since: instantOf(since), planId: planId ?? null };
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

/** Finds what was marked. Most systems hold nothing that is, and then every answer is at hand at once. */
export function indexMarks(datasets: readonly Dataset[], index: DatasetIndex): MarkIndex {
  const quarantines = new Map<Dataset, Quarantine>();
  const ignores = new Map<Dataset, IgnoreMark>();
  for (const dataset of datasets) {
    const { quarantined, ignore } = dataset.marks;
    if (quarantined !== null) {
      const quarantine = readQuarantine(dataset, index);
      if (quarantine !== undefined) quarantines.set(dataset, quarantine);
    }
    const mark = ignore === null ? undefined : readIgnore(dataset);
    if (mark !== undefined) ignores.set(dataset, mark);
  }
  const roots = [...quarantines.values()];
  const atOldPlace = (system: string, path: string): Quarantine | undefined =>
    roots.find((each) => each.root.system === system && each.path === path);
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
