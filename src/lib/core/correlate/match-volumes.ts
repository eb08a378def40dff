import { type PersistentVolume, type Pod, type VolumeSource } from '../model/kubernetes.ts';
import { type Dataset } from '../model/truenas.ts';
import { Claims, type VolumeUser } from './claims.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { volumePathBelow, type KnownParent, type ParentIndex } from './parents.ts';
import { leafName, parentPath } from './paths.ts';
import { type TargetIndex } from './match-shares.ts';
import {
  datasetPathsNamedBy,
  isDemocraticCsi,
  sharePathsOf,
  targetNamesOf,
} from './volume-handle.ts';

/** What stands behind a PersistentVolume on the NAS. */
export type Backend =
  /** Where its driver puts it. */
  | { readonly state: 'found'; readonly dataset: Dataset }
  /** Not where its driver would look, but a dataset elsewhere carries its name, path or target. */
  | { readonly state: 'elsewhere'; readonly dataset: Dataset; readonly expected: string | null }
  /** Its driver's parent is known, and nothing on the NAS answers to its path or its name. */
  | {
      readonly state: 'absent';
      readonly system: string;
      readonly path: string;
      readonly parent: KnownParent;
    }
  /** Nothing says on which system or under which parent it would be. */
  | { readonly state: 'unknown'; readonly reason: string };

/** How much of a parent nobody claims: above a limit that says more about the reader than about the volumes. */
export interface ParentUse {
  readonly managed: number;
  readonly unclaimed: number;
}

export interface VolumeLinks {
  backendOf(pv: PersistentVolume): Backend;
  /** Everyone known to use a dataset, by whichever key: one user is enough to claim it. */
  usersOf(dataset: Dataset): readonly VolumeUser[];
  /** Whether TrueNAS stands behind a volume, as far as its driver, attributes or links say. */
  concerns(pv: PersistentVolume): boolean;
  /** Whether the dataset is a whole volume a driver made: named by it, right below a known parent. */
  isManaged(dataset: Dataset): boolean;
  useOf(parent: KnownParent): ParentUse;
  /** Datasets cloned from any snapshot of this one. */
  clonesOf(dataset: Dataset): readonly Dataset[];
  clonesOfSnapshot(system: string, snapshotId: string): readonly Dataset[];
}

interface Joins {
  readonly index: DatasetIndex;
  readonly parents: ParentIndex;
  readonly targets: TargetIndex;
}

/**
 * A path inside a dataset uses that dataset; one inside a parent or a pool's root names something that is not there.
 */
function holds(dataset: Dataset, { parents }: Joins): boolean {
  return dataset.id.includes('/') && parents.find(dataset.system, dataset.id) === undefined;
}

/**
 * Datasets a volume's source names: by dataset path, mount path or target.
 *
 * @param outright leaves out the dataset around a path: it is in use, and yet not the volume
 */
function namedBy(source: VolumeSource, joins: Joins, outright = false): Dataset[] {
  const { index, targets } = joins;
  const named: Dataset[] = [];
  for (const path of sharePathsOf(source)) {
    for (const { dataset, exact } of index.holding(path)) {
      if (exact || (!outright && holds(dataset, joins))) named.push(dataset);
    }
  }
  for (const target of targetNamesOf(source)) named.push(...targets.datasetsOf(target));
  for (const path of datasetPathsNamedBy(source)) {
    named.push(...targets.systems.flatMap((system) => index.find(system, path) ?? []));
  }
  return named;
}

function resolve(pv: PersistentVolume, places: readonly Place[], joins: Joins): Backend {
  if (pv.source.kind !== 'csi') return byName(pv, joins, null) ?? unknown('not a CSI volume');
  const { driver, handle } = pv.source;
  const present = places.flatMap(({ dataset }) => dataset ?? []);
  // Short handles repeat, and then the name of the volume tells which of them is meant.
  const dataset =
    present.find(({ properties }) => properties.csiVolumeName === pv.name) ?? present[0];
  if (dataset !== undefined) return { state: 'found', dataset };
  const [place] = places;
  const elsewhere = byName(pv, joins, place?.path ?? null);
  if (elsewhere !== undefined) return elsewhere;
  if (place === undefined) return unknown(`no parent of driver ${driver} holds ${handle}`);
  if (places.length > 1) return unknown(`driver ${driver} has ${places.length} parents`);
  return { state: 'absent', system: place.parent.system, path: place.path, parent: place.parent };
}

interface Place {
  readonly parent: KnownParent;
  readonly path: string;
  readonly dataset: Dataset | undefined;
}

/** Every place where the driver of a volume would look for it. */
function placesOf({ cluster, source }: PersistentVolume, { parents, index }: Joins): Place[] {
  if (source.kind !== 'csi') return [];
  return parents.forDriver(cluster, source.driver).flatMap((parent) => {
    const path = volumePathBelow(parent, source.handle);
    return path === undefined ? [] : [{ parent, path, dataset: index.find(parent.system, path) }];
  });
}

function unknown(reason: string): Backend {
  return { state: 'unknown', reason };
}

function byName(pv: PersistentVolume, joins: Joins, expected: string | null): Backend | undefined {
  // A driver mounts a whole dataset; a volume made by hand may be a directory inside one.
  const named = namedBy(pv.source, joins, pv.source.kind === 'csi');
  const [dataset] = [...named, ...joins.index.byVolumeName(pv.name)];
  return dataset === undefined ? undefined : { state: 'elsewhere', dataset, expected };
}

function claimVolume(
  pv: PersistentVolume,
  backend: Backend,
  places: readonly Place[],
  joins: Joins,
  claims: Claims,
): void {
  const user: VolumeUser = { kind: 'persistent-volume', cluster: pv.cluster, name: pv.name };
  if (backend.state === 'found' || backend.state === 'elsewhere') claims.add(backend.dataset, user);
  else if (pv.source.kind === 'csi') claims.addHomeless(leafName(pv.source.handle), user);
  for (const { dataset } of places) if (dataset !== undefined) claims.add(dataset, user);
  for (const dataset of joins.index.byVolumeName(pv.name)) claims.add(dataset, user);
  if (backend.state === 'found' && namesOnly(pv.source, backend.dataset)) return;
  for (const dataset of namedBy(pv.source, joins)) claims.add(dataset, user);
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

function claimInline(pod: Pod, joins: Joins, claims: Claims): void {
  const user: VolumeUser = {
    kind: 'inline-volume',
    cluster: pod.cluster,
    name: `${pod.namespace}/${pod.name}`,
  };
  for (const source of pod.inlineVolumes) {
    for (const dataset of namedBy(source, joins)) claims.add(dataset, user);
  }
}

/** A volume a driver made, named by the driver and not by the dataset above it, right below a known parent. */
function isWholeVolume(dataset: Dataset, { index, parents }: Joins): boolean {
  const { managed, csiSnapshotName } = dataset.properties;
  return (
    managed &&
    csiSnapshotName === null &&
    parents.parentOf(dataset.system, dataset.id) !== undefined &&
    index.owns(dataset, 'csiVolumeName')
  );
}

function countUse(managed: Iterable<Dataset>, claims: Claims): ReadonlyMap<string, ParentUse> {
  const uses = new Map<string, { managed: number; unclaimed: number }>();
  for (const dataset of managed) {
    const key = `${dataset.system} ${parentPath(dataset.id)}`;
    const use = uses.get(key) ?? { managed: 0, unclaimed: 0 };
    use.managed += 1;
    if (claims.of(dataset).length === 0) use.unclaimed += 1;
    uses.set(key, use);
  }
  return uses;
}

/** Joins volumes with datasets in both directions. */
export function linkVolumes(
  volumes: readonly PersistentVolume[],
  pods: readonly Pod[],
  datasets: readonly Dataset[],
  joins: Joins,
): VolumeLinks {
  const { index, parents } = joins;
  const backends = new Map<PersistentVolume, Backend>();
  const claims = new Claims();
  for (const pv of volumes) {
    const places = placesOf(pv, joins);
    const backend = resolve(pv, places, joins);
    backends.set(pv, backend);
    claimVolume(pv, backend, places, joins, claims);
  }
  for (const pod of pods) {
    if (pod.inlineVolumes.length > 0) claimInline(pod, joins, claims);
  }
  const managed = new Set(datasets.filter((dataset) => isWholeVolume(dataset, joins)));
  const uses = countUse(managed, claims);
  const backendOf = (pv: PersistentVolume): Backend =>
    backends.get(pv) ?? unknown('this volume was not part of the scan');
  return {
    backendOf,
    usersOf: (dataset) => claims.of(dataset),
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
    useOf: (parent) => uses.get(`${parent.system} ${parent.path}`) ?? { managed: 0, unclaimed: 0 },
    clonesOf: (dataset) => index.clonesOfDataset(dataset),
    clonesOfSnapshot: (system, snapshotId) => index.clonesOf(system, snapshotId),
  };
}
