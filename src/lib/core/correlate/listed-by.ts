import { type PersistentVolume, type VolumeSnapshot } from '../model/kubernetes.ts';
import { oncePerList } from '../model/lazy.ts';
import { type Dataset } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { UidEndings } from './uid-endings.ts';

/*
 * Lists by the key under which other objects name what is in them. Many rules look for the same, and each index is made once.
 */

export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Datasets of one system by their path. */
export const datasetsById: (datasets: readonly Dataset[]) => ReadonlyMap<string, Dataset> =
  oncePerList((datasets) => {
    const byId = new Map<string, Dataset>();
    for (const dataset of datasets) byId.set(dataset.id, dataset);
    return byId;
  });

/** Datasets of one system by their mount point. */
export interface Mountpoints {
  readonly first: ReadonlyMap<string, Dataset>;
  /** The further datasets of a mount point, where there are any. */
  readonly others: ReadonlyMap<string, readonly Dataset[]>;
}

/** @param pathOf where a dataset is mounted, as far as it counts */
export function indexMountpoints(
  datasets: readonly Dataset[],
  pathOf: (mountpoint: string) => string,
): Mountpoints {
  const first = new Map<string, Dataset>();
  const others = new Map<string, Dataset[]>();
  for (const dataset of datasets) {
    if (dataset.mountpoint === null) continue;
    const path = pathOf(dataset.mountpoint);
    if (first.has(path)) append(others, path, dataset);
    else first.set(path, dataset);
  }
  return { first, others };
}

export const datasetsByMountpoint: (datasets: readonly Dataset[]) => Mountpoints = oncePerList(
  (datasets) => indexMountpoints(datasets, (mountpoint) => mountpoint),
);

/** Volumes by cluster and name. */
export const volumesByName: (
  volumes: readonly PersistentVolume[],
) => Pick<BySystem<PersistentVolume>, 'get'> = oncePerList((volumes) => {
  const byName = new BySystem<PersistentVolume>();
  for (const volume of volumes) byName.set(volume.cluster, volume.name, volume);
  return byName;
});

/** Places of VolumeSnapshots by their uid, which contents hold, and in which the names of ZFS snapshots end. */
export const snapshotUids: (snapshots: readonly VolumeSnapshot[]) => UidEndings = oncePerList(
  (snapshots) => {
    const uids = new UidEndings(snapshots.length);
    for (const { uid } of snapshots) uids.add(uid);
    return uids;
  },
);
