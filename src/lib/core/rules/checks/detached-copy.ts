import { leafName, parentPath } from '../../correlate/paths.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type Policy } from '../../model/policy.ts';
import { type Dataset } from '../../model/truenas.ts';

/**
 * The parent whose driver keeps a detached snapshot in this dataset; undefined where it is none. democratic-csi puts a copy
 * into a container for its volume, tns-csi right below its place for copies. A copy names itself: what lies inside one, or
 * was cloned from it, inherits a name that is not its own.
 */
export function keeperOf(
  { system, id, properties }: Dataset,
  parents: ParentIndex,
): KnownParent | undefined {
  if (properties.csiSnapshotName === null || properties.csiSnapshotName !== leafName(id)) {
    return undefined;
  }
  const inContainer = parents.detachedParentOf(system, parentPath(id));
  if (inContainer !== undefined) return inContainer;
  return properties.owner === 'tns-csi' ? parents.detachedParentOf(system, id) : undefined;
}

/** How many of the detached snapshots of each parent nobody claims. */
export class CopyCensus {
  readonly #counts = new Map<KnownParent, { all: number; unclaimed: number }>();

  constructor(
    datasets: readonly Dataset[],
    parents: ParentIndex,
    isClaimed: (copy: Dataset) => boolean,
  ) {
    for (const dataset of datasets) {
      const keeper = keeperOf(dataset, parents);
      if (keeper === undefined) continue;
      const count = this.#counts.get(keeper) ?? { all: 0, unclaimed: 0 };
      this.#counts.set(keeper, count);
      count.all += 1;
      if (!isClaimed(dataset)) count.unclaimed += 1;
    }
  }

  /** Too many at once, and it is the cluster that is missing. */
  plausibleAt(keeper: KnownParent, policy: Policy): Check {
    const { all, unclaimed } = this.#counts.get(keeper) ?? { all: 0, unclaimed: 0 };
    const implausible =
      unclaimed >= policy.implausibleCount && unclaimed > all * policy.implausibleShare;
    return assurance(
      'few-copies-unclaimed-at-once',
      !implausible,
      `${unclaimed} of ${all} detached snapshots of ${keeper.path} are unclaimed`,
    );
  }
}
