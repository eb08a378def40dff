import { type KnownParent } from '../../correlate/known-parent.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type ClusterIdentity } from '../../model/inventory.ts';
import { type Policy } from '../../model/policy.ts';
import { isImplausible, makersOf, plausibleLoss, type Origin } from './ownership.ts';

/*
 * Whether it is the cluster that is missing, and not the volume.
 */

/**
 * A control plane that came back from a backup lost what is youngest. Several volumes that are younger than all its cluster knows
 * are more likely such a loss than forgotten one after the other.
 */
export function notLostByRestore(
  { createdAt, instanceId }: Origin,
  parent: KnownParent,
  clusters: readonly ClusterIdentity[],
  volumeLinks: VolumeLinks,
  { implausibleCount }: Policy,
): Check {
  for (const { name } of makersOf(instanceId, parent, clusters)) {
    const late = volumeLinks.latecomersTo(name, parent.system);
    if (late === undefined || late.count < implausibleCount) continue;
    if (createdAt === null || createdAt <= late.since) continue;
    return assurance(
      'not-lost-by-restore',
      false,
      `it and ${late.count} unclaimed volumes are younger than the last PersistentVolume of cluster ${name}, of ${late.since.toISOString()}: was that restored from a backup?`,
    );
  }
  return assurance(
    'not-lost-by-restore',
    true,
    'not one of several things younger than all its cluster knows',
  );
}

/** A cluster that lacks many of its datasets below a parent is not the one whose datasets these are. */
export function plausibleLosses(
  volumeLinks: VolumeLinks,
  parent: KnownParent,
  policy: Policy,
): Check {
  const worst = volumeLinks.lossesOf(parent).find((loss) => isImplausible(loss, policy));
  return plausibleLoss(worst ?? volumeLinks.lossOf(parent), parent, policy);
}
