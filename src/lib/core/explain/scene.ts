import { parentPath } from '../correlate/paths.ts';
import { snapshotHandleOf } from '../correlate/volume-handle.ts';
import { worstOf, type Evidence } from '../correlate/correlate.ts';
import { combineCoverage, type Coverage } from '../model/coverage.ts';
import {
  isClusterSource,
  type ClusterLists,
  type ClusterSource,
  type ListSource,
  type SystemLists,
  type SystemSource,
} from '../model/inventory.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
} from '../model/kubernetes.ts';
import { lazy } from '../model/lazy.ts';
import { type Dataset } from '../model/truenas.ts';

/**
 * The evidence as a walk along one chain needs it. Lists are searched rather than indexed: one object is explained at a
 * time, and only snapshots are looked for often enough to pay for an index.
 */
export interface Scene {
  readonly evidence: Evidence;
  /** Of every cluster, or of the one named. */
  ofCluster<S extends ClusterSource>(source: S, cluster?: string): readonly ClusterLists[S][];
  /** Of every system, or of the one named. */
  ofSystem<S extends SystemSource>(source: S, system?: string): readonly SystemLists[S][];
  /** How much of some lists was seen: of every member, or of the one named. */
  coverageOf(sources: readonly ListSource[], member?: string): Coverage;
  findVolume(cluster: string, name: string): PersistentVolume | undefined;
  findClaim(cluster: string, namespace: string, name: string): PersistentVolumeClaim | undefined;
  findDataset(system: string, path: string): Dataset | undefined;
  /** The dataset mounted at a path, or the nearest one above it. */
  datasetAt(
    system: string,
    mountPath: string,
  ): { readonly dataset: Dataset; readonly exact: boolean } | undefined;
  /** Contents that count on a snapshot of this name, in whichever cluster. */
  contentsOf(snapshotName: string): readonly VolumeSnapshotContent[];
  /** VolumeSnapshots that count on a snapshot of this name and have no content. */
  snapshotsWithoutContent(snapshotName: string): readonly VolumeSnapshot[];
}

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Drivers name a snapshot after the uid of its VolumeSnapshot; what stands before it is the cluster's to choose. */
function keysOf(snapshotName: string): readonly string[] {
  const uid = UID.exec(snapshotName)?.[0];
  return uid === undefined ? [snapshotName] : [snapshotName, uid];
}

function contentKeys(content: VolumeSnapshotContent): readonly string[] {
  const keys = [snapshotHandleOf(content)?.snapshot, content.snapshot?.uid];
  return keys.filter((key) => typeof key === 'string');
}

function indexBy<T>(
  items: readonly T[],
  keys: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const index = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keys(item)) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [item]);
      else list.push(item);
    }
  }
  return index;
}

function lookIn<T>(index: ReadonlyMap<string, readonly T[]>, keys: readonly string[]): T[] {
  return [...new Set(keys.flatMap((key) => index.get(key) ?? []))];
}

/** Datasets by mount point; the first of two that share one. */
function indexMounts(datasets: readonly Dataset[]): ReadonlyMap<string, Dataset> {
  const mounts = new Map<string, Dataset>();
  for (const dataset of datasets) {
    const { system, mountpoint } = dataset;
    if (mountpoint === null || mounts.has(`${system} ${mountpoint}`)) continue;
    mounts.set(`${system} ${mountpoint}`, dataset);
  }
  return mounts;
}

function nearest(
  mounts: ReadonlyMap<string, Dataset>,
  system: string,
  mountPath: string,
): { readonly dataset: Dataset; readonly exact: boolean } | undefined {
  for (let path = mountPath; path !== ''; path = parentPath(path)) {
    const dataset = mounts.get(`${system} ${path}`);
    if (dataset !== undefined) return { dataset, exact: path === mountPath };
  }
  return undefined;
}

/** Lays the evidence out for a walk. */
export function sceneOf(evidence: Evidence): Scene {
  const { clusters, systems } = evidence.inventory;
  const ofCluster = <S extends ClusterSource>(
    source: S,
    cluster?: string,
  ): readonly ClusterLists[S][] =>
    clusters
      .filter(({ identity }) => cluster === undefined || identity.name === cluster)
      .flatMap(({ lists }): readonly ClusterLists[S][] => lists[source]?.items ?? []);
  const ofSystem = <S extends SystemSource>(
    source: S,
    system?: string,
  ): readonly SystemLists[S][] =>
    systems
      .filter(({ identity }) => system === undefined || identity.name === system)
      .flatMap(({ lists }): readonly SystemLists[S][] => lists[source]?.items ?? []);
  const coverageOfOne = (source: ListSource, member?: string): Coverage => {
    const scope = isClusterSource(source) ? 'cluster' : 'system';
    const names = (scope === 'cluster' ? clusters : systems).map(({ identity }) => identity.name);
    const members = member === undefined ? names : names.filter((name) => name === member);
    return combineCoverage(
      members.map((name) => worstOf(evidence.statusesOf(source, { scope, name }))),
    );
  };
  const contents = lazy(() => indexBy(ofCluster('volumeSnapshotContents'), contentKeys));
  const bound = lazy(
    () =>
      new Set(ofCluster('volumeSnapshotContents').flatMap(({ snapshot }) => snapshot?.uid ?? [])),
  );
  const volumeSnapshots = lazy(() =>
    indexBy(ofCluster('volumeSnapshots'), ({ uid }) => (bound().has(uid) ? [] : [uid])),
  );
  const mounts = lazy(() => indexMounts(ofSystem('datasets')));
  return {
    evidence,
    ofCluster,
    ofSystem,
    coverageOf: (sources, member) =>
      combineCoverage(sources.map((source) => coverageOfOne(source, member))),
    findVolume: (cluster, name) =>
      ofCluster('persistentVolumes', cluster).find((each) => each.name === name),
    findClaim: (cluster, namespace, name) =>
      ofCluster('persistentVolumeClaims', cluster).find(
        (each) => each.namespace === namespace && each.name === name,
      ),
    findDataset: (system, path) => ofSystem('datasets', system).find(({ id }) => id === path),
    datasetAt: (system, mountPath) => nearest(mounts(), system, mountPath),
    contentsOf: (name) => lookIn(contents(), keysOf(name)),
    snapshotsWithoutContent: (name) => lookIn(volumeSnapshots(), keysOf(name)),
  };
}
