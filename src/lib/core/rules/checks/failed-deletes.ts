import { type PersistentVolume, type VolumeEvent } from '../../model/kubernetes.ts';
import { excerpt } from './excerpt.ts';

const FAILED_DELETE = 'VolumeFailedDelete';

/** Failed deletions, by the name of the volume. */
export function failuresByVolume(
  events: readonly VolumeEvent[],
): ReadonlyMap<string, readonly VolumeEvent[]> {
  const failures = events.filter(({ reason }) => reason === FAILED_DELETE);
  return Map.groupBy(failures, ({ volumeName }) => volumeName);
}

/** A deletion that failed: when it was last tried, and what the driver said. */
export interface Failure {
  readonly at: Date | null;
  readonly message: string;
}

/** The latest failure of this very volume: it may have had a namesake, whose events outlive it by an hour. */
export function lastFailure(
  { name, uid, phase, phaseSince, statusMessage }: PersistentVolume,
  failures: ReadonlyMap<string, readonly VolumeEvent[]>,
): Failure | undefined {
  const own = (failures.get(name) ?? [])
    .filter(({ volumeUid }) => volumeUid === null || volumeUid === uid)
    .map(({ lastSeen, message }): Failure => ({ at: lastSeen, message }));
  // A volume that failed keeps the reason in its status, long after the event is gone.
  if (own.length === 0 && phase === 'Failed' && statusMessage !== null) {
    return { at: phaseSince, message: statusMessage };
  }
  const time = ({ at }: Failure): number => at?.getTime() ?? 0;
  return own.toSorted((a, b) => time(b) - time(a) || (a.message < b.message ? -1 : 1))[0];
}

/**
 * How a volume that failed is deleted after all, once the cause is gone. A provisioner deletes what is Released and nothing else,
 * and Kubernetes never takes Failed back: nothing happens by itself. Where there is no driver, Kubernetes has to do it, and cannot.
 */
export function stepsAfterFailure({ name, source }: PersistentVolume): readonly string[] {
  if (source.kind !== 'csi') {
    return [
      'Set the reclaim policy to Retain: without a CSI driver Kubernetes deletes nothing on TrueNAS.',
      'Ask whether the data is still wanted; where it is not, delete the share or extent, then the dataset, then the PersistentVolume.',
    ];
  }
  const released = `kubectl patch pv ${name} --subresource=status --type=merge -p '{"status":{"phase":"Released"}}'`;
  return [
    `Then see that the reclaim policy is Delete, and make the volume Released again, because no driver deletes one that is Failed: ${released}.`,
    'Or delete it by hand: the share or extent, the snapshots of the dataset, the dataset; then set the reclaim policy to Retain and delete the PersistentVolume. Never remove its finalizers: the data would stay, and nothing would know of it.',
  ];
}

export function describeFailure({ at, message }: Failure): string {
  return `${at === null ? '' : `${at.toISOString()}: `}${excerpt(message)}`;
}
