import {
  type PersistentVolume,
  type Pod,
  type VolumeSource,
  type Workload,
} from '../model/kubernetes.ts';
import { lazy } from '../model/lazy.ts';
import { type Dataset } from '../model/truenas.ts';
import { type Backend } from './backend.ts';
import { Claims, type VolumeUser } from './claims.ts';
import { LastVolumes, type Latecomers } from './latecomers.ts';
import { type ExportIndex } from './match-shares.ts';
import { type Joins, namedBy, snapshotsNamedBy, unfollowed } from './named-datasets.ts';
import { countUse, LossCount, type ParentLoss, type ParentUse } from './parent-use.ts';
import { type KnownParent } from './known-parent.ts';
import { leafName, parentPath } from './paths.ts';
import { placesOf, resolve, type Place, unknown } from './resolve-volume.ts';
import { Sharers } from './sharers.ts';
import { mountPathOf } from './snapshot-use.ts';
import { isDemocraticCsi } from './volume-handle.ts';

export interface VolumeLinks {
  backendOf(pv: PersistentVolume): Backend;
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
  sharersOf(pv: PersistentVolume): readonly VolumeUser[];
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

function claimVolume(
  pv: PersistentVolume,
  backend: Backend,
  places: readonly Place[],
  joins: Joins,
  claims: Claims,
): void {
  const user: VolumeUser = { kind: 'persistent-volume', cluster: pv.cluster, name: pv.name };
  if (pv.source.kind === 'csi' && (backend.state === 'absent' || backend.state === 'unknown')) {
    claims.addHomeless(leafName(pv.source.handle), user);
  }
  for (const { dataset } of places) if (dataset !== undefined) claims.add(dataset, user);
  for (const dataset of joins.index.byVolumeName(pv.name)) claims.add(dataset, user);
  if (backend.state === 'found' && namesOnly(pv.source, backend.dataset)) return;
  claimNamed(pv.source, user, joins, claims);
}

/** A dataset inside a volume is part of it: who uses the one uses the other. */
function claimNamed(source: VolumeSource, user: VolumeUser, joins: Joins, claims: Claims): void {
  for (const { dataset, snapshot } of snapshotsNamedBy(source, joins)) {
    const mountPath = mountPathOf(dataset);
    claims.snapshots.add(dataset.system, { ...snapshot, mountPath }, user.name);
  }
  for (const dataset of namedBy(source, joins)) {
    const { system } = dataset;
    for (let id = dataset.id; id !== ''; id = parentPath(id)) {
      const each = joins.index.find(system, id);
      if (
        each !== undefined &&
        (each === dataset || joins.parents.parentOf(system, id) !== undefined)
      ) {
        claims.add(each, user);
      }
    }
  }
}

/** Whether a share path leads nowhere but to this dataset: so it is for nearly every NFS volume, and saves a search. */
function namesOnly({ kind, ...source }: VolumeSource, { mountpoint }: Dataset): boolean {
  return (
    kind === 'csi' &&
    'attributes' in source &&
    source.attributes['node_attach_driver'] === 'nfs' &&
    source.attributes['share'] === mountpoint
  );
}

/** Whoever mounts volumes that no PersistentVolume stands for: pods, and what would make pods. */
type InlineUser = Pod | Workload;

function claimInline(user: InlineUser, joins: Joins, claims: Claims): void {
  const { cluster, namespace, name, inlineVolumes } = user;
  const kind = 'kind' in user ? `${user.kind} ` : '';
  const by: VolumeUser = { kind: 'inline-volume', cluster, name: `${kind}${namespace}/${name}` };
  for (const source of inlineVolumes) claimNamed(source, by, joins, claims);
}

/**
 * A volume a driver made, named by the driver and not by the dataset above it, right below a known parent. csi.truenas.io
 * leaves no mark on a dataset, only on what exports it.
 */
function isWholeVolume(dataset: Dataset, { index, parents }: Joins, exports: ExportIndex): boolean {
  const { managed, csiSnapshotName, owner } = dataset.properties;
  const marked = managed
    ? csiSnapshotName === null && index.owns(dataset, 'csiVolumeName')
    : owner === null && exports.isExportedByCsi(dataset);
  return marked && parents.parentOf(dataset.system, dataset.id) !== undefined;
}

/** Joins volumes with datasets in both directions. */
export function linkVolumes(
  volumes: readonly PersistentVolume[],
  inline: readonly InlineUser[],
  datasets: readonly Dataset[],
  joins: Joins,
  exports: ExportIndex,
): VolumeLinks {
  const { index, parents } = joins;
  const sharers = new Sharers();
  const backends = new Map<PersistentVolume, Backend>();
  const claims = new Claims();
  const losses = new LossCount();
  const last = new LastVolumes();
  let lost: string | undefined;
  for (const pv of volumes) {
    last.add(pv.cluster, pv.createdAt);
    const places = placesOf(pv, joins);
    const backend = resolve(pv, places, joins);
    if (backend.state === 'unknown') lost ??= unfollowed(pv.source, joins);
    backends.set(pv, backend);
    sharers.add(pv, backend);
    const [home] = places;
    // One that is not where it belongs is missing there, whether or not it could be looked for elsewhere.
    const missing = backend.state === 'absent' || backend.state === 'unknown';
    if (home !== undefined) losses.add(home.parent, pv.cluster, missing);
    claimVolume(pv, backend, places, joins, claims);
  }
  for (const user of inline) {
    if (user.inlineVolumes.length > 0) claimInline(user, joins, claims);
    for (const source of user.inlineVolumes) lost ??= unfollowed(source, joins);
  }
  const managed = new Set(datasets.filter((dataset) => isWholeVolume(dataset, joins, exports)));
  const useOf = countUse(managed, claims);
  const unclaimed = lazy(() => [...managed].filter((dataset) => claims.of(dataset).length === 0));
  const backendOf = (pv: PersistentVolume): Backend =>
    backends.get(pv) ?? unknown('this volume was not part of the scan');
  return {
    backendOf,
    usersOf: (dataset) => claims.of(dataset),
    snapshotUsersOf: (dataset, snapshot) =>
      claims.snapshots.of(dataset.system, mountPathOf(dataset), snapshot),
    unfollowed: lost,
    concerns: (pv) => {
      const { state } = backendOf(pv);
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
    sharersOf: (pv) => sharers.of(pv, backendOf(pv)),
    useOf,
    lossOf: (parent) => losses.of(parent),
    lossesOf: (parent) => losses.ofClusters(parent),
    latecomersTo: last.latecomersTo(unclaimed, parents),
    childrenOf: (dataset) => index.childrenOf(dataset),
    clonesOf: (dataset) => index.clonesOfDataset(dataset),
    clonesOfSnapshot: (system, snapshotId) => index.clonesOf(system, snapshotId),
  };
}
