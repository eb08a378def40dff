import { type Installation } from '../../correlate/installations.ts';
import { sidecarsOf } from './installation-pods.ts';

/** Drivers of a cluster that would make snapshots. */
export function driversWithSnapshots(
  cluster: string,
  installations: readonly Installation[],
): readonly string[] {
  return installations
    .filter((each) => each.cluster === cluster && sidecarsOf(each, 'snapshotter').length > 0)
    .map(({ driver }) => driver)
    .toSorted();
}
