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

export function describeFailure({ at, message }: Failure): string {
  return `${at === null ? '' : `${at.toISOString()}: `}${excerpt(message)}`;
}
