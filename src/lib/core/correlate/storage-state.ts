import { type Dataset, type Pool } from '../model/truenas.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type KnownParent } from './known-parent.ts';
import { isHiddenPath, parentPath, poolName } from './paths.ts';

/** Whether absence at a path means anything: a pool that is away takes its datasets with it. */
export interface StorageState {
  /** Why nothing at this path can be judged; undefined where it can. */
  obstacleAt(system: string, path: string): string | undefined;
  /** Whether the pools of a system were read, so that what `obstacleAt` says of them is known. */
  knowsPoolsOf(system: string): boolean;
  /** What is wrong with pools the drivers use, one line each; makes the scan incomplete. */
  readonly problems: readonly { readonly system: string; readonly reason: string }[];
}

const HIDDEN = 'the API does not list datasets of this name';

/**
 * Reads pools and locked datasets for what they hide.
 *
 * @param pools by system, of the systems whose pools were read whole
 */
export function readStorageState(
  pools: ReadonlyMap<string, readonly Pool[]>,
  index: DatasetIndex,
  parents: readonly KnownParent[],
  datasets: readonly Dataset[],
): StorageState {
  const poolObstacle = (system: string, path: string): string | undefined => {
    const name = poolName(path);
    const known = pools.get(system);
    if (known === undefined) return `the pools of ${system} could not be read`;
    const pool = known.find((each) => each.name === name);
    if (pool === undefined) return `pool ${name} is not imported`;
    return pool.status === 'ONLINE' ? undefined : `pool ${name} is ${pool.status}`;
  };
  const lockedAbove = (system: string, path: string): string | undefined => {
    for (let each = path; each !== ''; each = parentPath(each)) {
      if (index.find(system, each)?.locked === true) return `dataset ${each} is locked`;
    }
    return undefined;
  };
  return {
    obstacleAt: (system, path) =>
      poolObstacle(system, path) ??
      (isHiddenPath(path) ? HIDDEN : undefined) ??
      lockedAbove(system, path),
    knowsPoolsOf: (system) => pools.has(system),
    problems: describeProblems(
      parents.filter(({ system }) => pools.has(system)),
      index,
      datasets,
      poolObstacle,
    ),
  };
}

function describeProblems(
  parents: readonly KnownParent[],
  index: DatasetIndex,
  datasets: readonly Dataset[],
  poolObstacle: (system: string, path: string) => string | undefined,
): { system: string; reason: string }[] {
  const problems = new Map<string, { system: string; reason: string }>();
  const add = (system: string, reason: string): void => {
    problems.set(`${system} ${reason}`, { system, reason });
  };
  const listed = new Set(index.siblings.map(({ system }) => system));
  for (const { system, path, drivers } of parents) {
    const obstacle =
      poolObstacle(system, path) ??
      (isHiddenPath(path) ? `the API does not list ${path}` : undefined);
    if (obstacle !== undefined) add(system, `${obstacle}, so nothing there can be judged`);
    // A misspelled parent would make the tool blind and content.
    else if (listed.has(system) && index.find(system, path) === undefined) {
      add(system, `${path}, the parent of ${drivers.join(', ')}, is not among the datasets`);
    }
  }
  const roots = new Set(
    parents.flatMap(({ system, path }) => ancestors(path).map((each) => `${system} ${each}`)),
  );
  for (const { system, id, locked } of datasets) {
    if (locked && roots.has(`${system} ${id}`)) {
      add(system, `dataset ${id} is locked, so nothing below it can be judged`);
    }
  }
  return [...problems.values()];
}

function ancestors(path: string): string[] {
  const all: string[] = [];
  for (let each = path; each !== ''; each = parentPath(each)) all.push(each);
  return all;
}
