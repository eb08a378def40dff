import {
  type PersistentVolume,
  type Pod,
  type VolumeSource,
  type Workload,
} from '../model/kubernetes.ts';
import { lazy } from '../model/lazy.ts';
import { type Dataset } from '../model/truenas.ts';
import { type Backend } from './backend.ts';
import { BackedVolumes, type BackedVolume } from './backed-volumes.ts';
import { Claims, type VolumeUser } from './claims.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { LastVolumes, type Latecomers } from './latecomers.ts';
import { type ExportIndex } from './match-shares.ts';
import { type Joins, namedBy, snapshotsNamedBy, unfollowed } from './named-datasets.ts';
import { countUse, LossCount, type ParentLoss, type ParentUse } from './parent-use.ts';
import { type KnownParent } from './known-parent.ts';
import { leafName } from './paths.ts';
import { placesOf, resolve, type Place } from './resolve-volume.ts';
import { Sharers } from './sharers.ts';
import { mountPathOf } from './snapshot-use.ts';
import { isDemocraticCsi } from './volume-handle.ts';
import { VolumesAround } from './volumes-around.ts';

export interface VolumeLinks {
  backendOf(pv: PersistentVolume): Backend;
  /** What stands behind each volume of a list, in its order. */
  backed(volumes: readonly PersistentVolume[]): readonly BackedVolume[];
  /** Whether anybody is known to use a dataset. */
  isUsed(dataset: Dataset): boolean;
  /** Everyone known to use a dataset, by whichever key: one user is enough to claim it. */
  usersOf(dataset: Dataset): readonly VolumeUser[];
  /** Names of volumes and pods that mount a snapshot of a dataset, by its name. */
  snapshotUsersOf(dataset: Dataset, snapshot: string): readonly string[];
  /** Why the name some volume gives could not be followed: any dataset may be its own. Undefined where all could. */
  readonly unfollowed: string | undefined;
  /** Whether TrueNAS stands behind a volume, as far as its driver, attributes or links say. */
  concerns(pv: PersistentVolume): boolean;
  /** Whether the dataset is a whole volume a driver made: named by it, right below a known parent. */
  isManaged(dataset: Dataset): boolean;
  /** Whether the driver came to the end of making it. */
  isFinished(dataset: Dataset): boolean;
  /** Other volumes that stand for the same data by their handle: all but one of them will surprise somebody. */
  sharersOf(backed: BackedVolume): readonly VolumeUser[];
  useOf(parent: KnownParent): ParentUse;
  /** How much of a parent's volumes has no dataset. */
  lossOf(parent: KnownParent): ParentLoss;
  /** The same of each cluster that has volumes there. */
  lossesOf(parent: KnownParent): readonly ParentLoss[];
  /** What nobody claims on a system though it is younger than all a cluster knows; undefined where that knows nothing, or no dates. */
  latecomersTo(cluster: string, system: string): Latecomers | undefined;
  /** Ids of the datasets right below this one: a volume has none of its own making. */
  childrenOf(dataset: Dataset): readonly string[];
  /** Datasets cloned from any snapshot of this one. */
  clonesOf(dataset: Pick<Dataset, 'system' | 'id'>): readonly Dataset[];
  clonesOfSnapshot(system: string, snapshotId: string): readonly Dataset[];
}

/** Where claims are found, and kept. */
interface ClaimJoins extends Joins {
  readonly around: VolumesAround;
  readonly claims: Claims;
}

function claimVolume(
  pv: PersistentVolume,
  backend: Backend,
  { places, named }: { readonly places: readonly Place[]; readonly named: readonly Dataset[] },
  joins: ClaimJoins,
): void {
  const { claims } = joins;
  const user: VolumeUser = { kind: 'persistent-volume', cluster: pv.cluster, name: pv.name };
  if (pv.source.kind === 'csi' && (backend.state === 'absent' || backend.state === 'unknown')) {
    claims.addHomeless(leafName(pv.source.handle), user);
  }
  for (const { dataset } of places) if (dataset !== undefined) claims.add(dataset, user);
  for (const dataset of named) claims.add(dataset, user);
  if (backend.state === 'found' && namesOnly(pv.source, backend.dataset)) return;
  claimNamed(pv.source, user, joins);
}

/** A dataset inside a volume is part of it: who uses the one uses the other. */
function claimNamed(source: VolumeSource, user: VolumeUser, joins: ClaimJoins): void {
  const { claims, around } = joins;
  for (const { dataset, snapshot } of snapshotsNamedBy(source, joins)) {
    const mountPath = mountPathOf(dataset);
    claims.snapshots.add(dataset.system, { ...snapshot, mountPath }, user.name);
  }
  for (const dataset of namedBy(source, joins)) {
    claims.add(dataset, user);
    for (const each of around.of(dataset)) claims.add(each, user);
  }
}

/** Whether a share path leads nowhere but to this dataset: so it is for nearly every NFS volume, and saves a search. */
function namesOnly(source: VolumeSource, { mountpoint }: Dataset): boolean {
  return (
    source.kind === 'csi' &&
    source.attributes['node_attach_driver'] === 'nfs' &&
    source.attributes['share'] === mountpoint
  );
}

/** Whoever mounts volumes that no PersistentVolume stands for: pods, and what would make pods. */
type InlineUser = Pod | Workload;

function claimInline(user: InlineUser, joins: ClaimJoins): void {
  const { cluster, namespace, name, inlineVolumes } = user;
  const kind = 'kind' in user ? `${user.kind} ` : '';
  const by: VolumeUser = { kind: 'inline-volume', cluster, name: `${kind}${namespace}/${name}` };
  for (const source of inlineVolumes) claimNamed(source, by, joins);
}

/**
 * Whether a driver made a dataset, and named it itself rather than the dataset above. csi.truenas.io leaves no mark on a dataset,
 * only on what exports it.
 */
function isMarked(dataset: Dataset, index: DatasetIndex, exports: ExportIndex): boolean {
  const { managed, csiSnapshotName, owner } = dataset.properties;
  return managed
    ? csiSnapshotName === null && index.ownsVolumeName(dataset)
    : owner === null && exports.isExportedByCsi(dataset);
}

/** Whole volumes of drivers, right below a known parent, each with it. */
function findManaged(
  { index, parents }: Joins,
  exports: ExportIndex,
): ReadonlyMap<Dataset, KnownParent> {
  const managed = new Map<Dataset, KnownParent>();
  for (const { system, above, datasets } of index.siblings) {
    const parent = parents.find(system, above);
    if (parent === undefined) continue;
    for (const dataset of datasets) {
      if (isMarked(dataset, index, exports)) managed.set(dataset, parent);
    }
  }
  return managed;
}

/**
 * Joins volumes with datasets in both directions.
 *
 * @param lists the volumes of each cluster
 */
export function linkVolumes(
  lists: readonly (readonly PersistentVolume[])[],
  inline: readonly InlineUser[],
  joins: Joins,
  exports: ExportIndex,
): VolumeLinks {
  const { index, parents } = joins;
  const volumes = new BackedVolumes();
  const sharers = lazy(() => new Sharers(volumes.all(), claims));
  const claims = new Claims();
  const claiming = { ...joins, claims, around: new VolumesAround(index, parents) };
  const losses = new LossCount();
  const last = new LastVolumes();
  let lost: string | undefined;
  const link = (pv: PersistentVolume): BackedVolume => {
    last.add(pv.cluster, pv.createdAt);
    const named = index.byVolumeName(pv.name);
    const places = placesOf(pv, named, joins);
    const backend = resolve(pv, named, places, joins);
    if (backend.state === 'unknown') lost ??= unfollowed(pv.source, joins);
    const [home] = places;
    // One that is not where it belongs is missing there, whether or not it could be looked for elsewhere.
    const missing = backend.state === 'absent' || backend.state === 'unknown';
    if (home !== undefined) losses.add(home.parent, pv.cluster, missing);
    claimVolume(pv, backend, { places, named }, claiming);
    return { volume: pv, backend };
  };
  for (const list of lists) volumes.add(list, list.map(link));
  for (const user of inline) {
    if (user.inlineVolumes.length > 0) claimInline(user, claiming);
    for (const source of user.inlineVolumes) lost ??= unfollowed(source, joins);
  }
  const managed = findManaged(joins, exports);
  const useOf = countUse(managed, claims);
  const unclaimed = lazy(() => [...managed.keys()].filter((dataset) => !claims.has(dataset)));
  return {
    backendOf: (pv) => volumes.backendOf(pv),
    backed: (list) => volumes.of(list),
    isUsed: (dataset) => claims.has(dataset),
    usersOf: (dataset) => claims.of(dataset),
    snapshotUsersOf: (dataset, snapshot) =>
      claims.snapshots.of(dataset.system, mountPathOf(dataset), snapshot),
    unfollowed: lost,
    concerns: (pv) => {
      const { state } = volumes.backendOf(pv);
      return (
        state === 'found' ||
        state === 'elsewhere' ||
        (pv.source.kind === 'csi' && parents.isTrueNasDriver(pv.cluster, pv.source.driver)) ||
        isDemocraticCsi(pv)
      );
    },
    isManaged: (dataset) => managed.has(dataset),
    // What csi.truenas.io exports is finished: it has no other mark, and makes the export last.
    isFinished: (dataset) =>
      dataset.properties.provisionSuccess || (!dataset.properties.managed && managed.has(dataset)),
    sharersOf: (backed) => sharers().of(backed),
    useOf,
    lossOf: (parent) => losses.of(parent),
    lossesOf: (parent) => losses.ofClusters(parent),
    latecomersTo: last.latecomersTo(unclaimed, parents),
    childrenOf: (dataset) => index.childrenOf(dataset),
    clonesOf: (dataset) => index.clonesOfDataset(dataset),
    clonesOfSnapshot: (system, snapshotId) => index.clonesOf(system, snapshotId),
  };
}
