import { type VolumeSnapshot } from '../model/kubernetes.ts';
import { oncePerList } from '../model/lazy.ts';

/** VolumeSnapshots by uid, which contents and ZFS snapshots name. */
export const snapshotsByUid: (
  snapshots: readonly VolumeSnapshot[],
) => ReadonlyMap<string, VolumeSnapshot> = oncePerList(
  (snapshots) => new Map(snapshots.map((each) => [each.uid, each])),
);
