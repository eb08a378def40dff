import { leafName, parentPath } from '../../correlate/paths.ts';
import { isTemporarySnapshot } from '../../correlate/temporary-snapshot.ts';
import { assurance, awaiting, condition, type Check } from '../../model/check.ts';
import { type Policy } from '../../model/policy.ts';
import { type ZfsSnapshot } from '../../model/truenas.ts';

/**
 * Drivers name a snapshot after the uid of its VolumeSnapshot. Periodic tasks, replication and people do not, so this
 * spares a look at each of theirs; whether the driver really took it is read from the snapshot itself.
 */
const UID_AT_END = /-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the name alone allows that a driver took this snapshot. */
export function mayBeDriverSnapshot({ name }: ZfsSnapshot): boolean {
  return UID_AT_END.test(name) && !isTemporarySnapshot(name);
}

/**
 * That the driver took it, of this very volume. Snapshots inherit every property of their dataset, so only a
 * property that agrees with the snapshot's own name proves anything.
 */
export function takenByDriver({ details, name, dataset }: ZfsSnapshot): readonly Check[] {
  const agrees = (id: string, written: string | null | undefined, expected: string): Check =>
    written === undefined
      ? awaiting(id, 'the snapshot was not looked at')
      : condition(id, written === expected, `the snapshot says ${written ?? 'nothing'}`);
  const properties = details?.properties;
  return [
    agrees('taken-by-driver', properties?.csiSnapshotName, name),
    agrees('source-matches', properties?.csiSnapshotSourceVolumeId, leafName(dataset)),
  ];
}

/** How many of the drivers' snapshots below each parent nobody claims. */
export class SnapshotCensus {
  readonly #counts = new Map<string, { all: number; unclaimed: number }>();

  constructor(snapshots: readonly ZfsSnapshot[], isClaimed: (snapshot: ZfsSnapshot) => boolean) {
    let dataset: string | undefined;
    let count = { all: 0, unclaimed: 0 };
    for (const snapshot of snapshots) {
      // Lists come dataset by dataset, so that most snapshots count where the one before did.
      if (snapshot.dataset !== dataset) {
        dataset = snapshot.dataset;
        count = this.#countAt(parentPath(dataset));
      }
      const claimed = isClaimed(snapshot);
      if (!claimed && !mayBeDriverSnapshot(snapshot)) continue;
      count.all += 1;
      if (!claimed) count.unclaimed += 1;
    }
  }

  #countAt(parent: string): { all: number; unclaimed: number } {
    let count = this.#counts.get(parent);
    if (count === undefined) {
      count = { all: 0, unclaimed: 0 };
      this.#counts.set(parent, count);
    }
    return count;
  }

  /** Too many at once, and it is the cluster that is missing. */
  plausibleAt(parent: string, policy: Policy): Check {
    const { all, unclaimed } = this.#counts.get(parent) ?? { all: 0, unclaimed: 0 };
    const implausible =
      unclaimed >= policy.implausibleCount && unclaimed > all * policy.implausibleShare;
    return assurance(
      'few-unclaimed-at-once',
      !implausible,
      `${unclaimed} of ${all} driver snapshots below ${parent} are unclaimed`,
    );
  }
}
