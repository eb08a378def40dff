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

/** The latest failure of this very volume: it may have had a namesake, whose events outlive it by an hour. */
export function lastFailure(
  { name, uid }: PersistentVolume,
  failures: ReadonlyMap<string, readonly VolumeEvent[]>,
): VolumeEvent | undefined {
  const own = (failures.get(name) ?? []).filter(
    ({ volumeUid }) => volumeUid === null || volumeUid === uid,
  );
  const time = ({ lastSeen }: VolumeEvent): number => lastSeen?.getTime() ?? 0;
  return own.toSorted((a, b) => time(b) - time(a) || (a.message < b.message ? -1 : 1))[0];
}

/** When it was, and what the driver said. */
export function describeFailure({ lastSeen, message }: VolumeEvent): string {
  const when = lastSeen === null ? '' : `${lastSeen.toISOString()}: `;
  return `${when}${excerpt(message)}`;
}
