import { type ScanFacts, type SourceStatus } from '../model/report.ts';
import { isWhole } from '../report/build-report.ts';

/** Lists without which nobody knows what all volumes take together, and were promised. */
const SPACE_LISTS: ReadonlySet<string> = new Set(['pools', 'datasets', 'persistentVolumes']);
const POOLS: ReadonlySet<string> = new Set(['pools']);
const PHYSICAL: ReadonlySet<string> = new Set(['pools', 'datasets']);

/** Those of some lists that were not read whole: `datasets of nas1`. */
export function unreadAmong(
  sources: readonly SourceStatus[],
  names: ReadonlySet<string>,
): readonly string[] {
  return sources
    .filter((source) => names.has(source.name) && !isWhole(source))
    .map(({ name, cluster, system }) => `${name} of ${cluster ?? system ?? ''}`);
}

/** What was not read whole of what sums over an estate rest on; they are unknown where there is any. */
export function unreadSpace({ sources }: Pick<ScanFacts, 'sources'>): readonly string[] {
  return unreadAmong(sources, SPACE_LISTS);
}

/** Whether it is known what was promised on a system: volumes of every cluster, and its own datasets, were read whole. */
export function knowsPromises(sources: readonly SourceStatus[], system: string): boolean {
  const own = sources.filter((source) => source.system === null || source.system === system);
  return unreadAmong(own, SPACE_LISTS).length === 0;
}

/** Which sums can be said: a list that is not whole would make a smaller one, or nothing, pass for all there is. */
export interface KnownSums {
  readonly pools: boolean;
  readonly capacity: boolean;
  readonly snapshots: boolean;
  readonly volumes: boolean;
}

/** @param silent how many pools do not tell what is used of them */
export function knownSums({ sources }: Pick<ScanFacts, 'sources'>, silent: number): KnownSums {
  const pools = unreadAmong(sources, POOLS).length === 0;
  const snapshots = unreadAmong(sources, PHYSICAL).length === 0;
  return {
    pools,
    // A root dataset that was listed tells the size of its pool, whatever else of the list is missing.
    capacity: pools && (snapshots || silent === 0),
    snapshots,
    volumes: unreadSpace({ sources }).length === 0,
  };
}
