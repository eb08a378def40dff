import { lazy } from '../model/lazy.ts';
import { type VolumeSnapshot, type VolumeSnapshotContent } from '../model/kubernetes.ts';
import { type Dataset, type ZfsSnapshot } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { volumePathBelow, type KnownParent, type ParentIndex } from './parents.ts';
import { snapshotHandleOf, type SnapshotHandle } from './volume-handle.ts';

/** What stands behind a VolumeSnapshotContent on the NAS. */
export type SnapshotBackend =
  | { readonly state: 'found'; readonly id: string }
  | {
      readonly state: 'absent';
      readonly system: string;
      /** Dataset path of the detached copy, or `dataset@snapshot`. */
      readonly id: string;
      readonly kind: 'snapshot' | 'dataset';
      readonly parent: KnownParent;
    }
  | { readonly state: 'unknown'; readonly reason: string };

export interface SnapshotLinks {
  backendOf(content: VolumeSnapshotContent): SnapshotBackend;
  /**
   * The content or VolumeSnapshot that a ZFS snapshot belongs to, by the name it has. The name holds a uid, which
   * no two objects share, so it claims the snapshot wherever it lies: a parent that was moved takes its snapshots along.
   */
  claimantOf(snapshot: ZfsSnapshot): string | undefined;
  snapshotsOf(dataset: Dataset): readonly ZfsSnapshot[];
}

interface Joins {
  readonly index: DatasetIndex;
  readonly parents: ParentIndex;
  /** Ids by the name after `@`, or by the `csi_snapshot_name` of a detached copy, wherever they lie. */
  readonly idsByName: () => ReadonlyMap<string, string>;
}

type Place = Omit<Extract<SnapshotBackend, { state: 'absent' }>, 'state'>;

/** Where a handle could point, over all parents its driver may use. */
function candidates(handle: SnapshotHandle, homes: readonly KnownParent[]): Place[] {
  return homes.flatMap((parent): Place[] => {
    const { system } = parent;
    if (handle.kind === 'attached') {
      const dataset = volumePathBelow(parent, handle.volume);
      if (dataset === undefined) return [];
      return [{ system, id: `${dataset}@${handle.snapshot}`, kind: 'snapshot', parent }];
    }
    if (handle.kind === 'copy') return [];
    return parent.detachedPaths.map((path) => ({
      system,
      id: `${path}/${handle.volume}/${handle.snapshot}`,
      kind: 'dataset',
      parent,
    }));
  });
}

/** What stands behind a content that is not the one claimant of some snapshot: two may share one, or it is gone. */
function resolve(content: VolumeSnapshotContent, joins: Joins): SnapshotBackend {
  const handle = snapshotHandleOf(content);
  if (handle === undefined) return { state: 'unknown', reason: 'its handle cannot be read' };
  const homes = joins.parents.forDriver(content.cluster, content.driver);
  const places = candidates(handle, homes);
  const copy = places.find(
    ({ kind, system, id }) => kind === 'dataset' && joins.index.find(system, id) !== undefined,
  );
  const id = copy?.id ?? joins.idsByName().get(handle.snapshot);
  if (id !== undefined) return { state: 'found', id };
  const [place] = places;
  if (place === undefined || places.length > 1) {
    return { state: 'unknown', reason: `no single parent of driver ${content.driver} is known` };
  }
  return { state: 'absent', ...place };
}

/** Whom a snapshot belongs to. */
type Claimant = VolumeSnapshotContent | VolumeSnapshot;

const PREFIX = 'snapshot-';

/** Whom each snapshot belongs to, by the uid its name ends with, or by its whole name. */
class Claimants {
  readonly #byUid = new Map<string, Claimant>();
  readonly #byName = new Map<string, Claimant>();

  constructor(
    contents: readonly VolumeSnapshotContent[],
    volumeSnapshots: readonly VolumeSnapshot[],
  ) {
    for (const each of volumeSnapshots) this.#byUid.set(each.uid, each);
    for (const content of contents) this.#add(content);
  }

  #add(content: VolumeSnapshotContent): void {
    const uid = content.snapshot?.uid ?? null;
    if (uid !== null) this.#byUid.set(uid, content);
    const name = snapshotHandleOf(content)?.snapshot;
    const namedAfterUid =
      uid !== null && name?.endsWith(uid) === true && name.length === PREFIX.length + uid.length;
    if (name !== undefined && !namedAfterUid) this.#byName.set(name, content);
  }

  find(name: string): Claimant | undefined {
    const named = this.#byName.size === 0 ? undefined : this.#byName.get(name);
    if (named !== undefined || !name.startsWith(PREFIX)) return named;
    return this.#byUid.get(name.slice(PREFIX.length));
  }
}

function describeClaimant(claimant: Claimant): string {
  return claimant.namespace === null
    ? `content ${claimant.name}`
    : `VolumeSnapshot ${claimant.namespace}/${claimant.name}`;
}

function nameIds(
  snapshots: readonly ZfsSnapshot[],
  datasets: readonly Dataset[],
): ReadonlyMap<string, string> {
  const ids = new Map(snapshots.map(({ name, id }) => [name, id]));
  for (const { id, properties } of datasets) {
    if (properties.csiSnapshotName !== null) ids.set(properties.csiSnapshotName, id);
  }
  return ids;
}

/** Joins snapshot contents with ZFS snapshots and detached copies. */
export function linkSnapshots(
  contents: readonly VolumeSnapshotContent[],
  volumeSnapshots: readonly VolumeSnapshot[],
  snapshots: readonly ZfsSnapshot[],
  datasets: readonly Dataset[],
  joins: { readonly index: DatasetIndex; readonly parents: ParentIndex },
): SnapshotLinks {
  const claimants = new Claimants(contents, volumeSnapshots);
  const idsByName = lazy(() => nameIds(snapshots, datasets));
  const byClaimant = new Map<Claimant, string>();
  const bySnapshot = new Map<ZfsSnapshot, Claimant>();
  const byDataset = new BySystem<ZfsSnapshot[]>();
  for (const snapshot of snapshots) {
    byDataset.of(snapshot.system, snapshot.dataset, () => []).push(snapshot);
    const claimant = claimants.find(snapshot.name);
    if (claimant === undefined) continue;
    byClaimant.set(claimant, snapshot.id);
    bySnapshot.set(snapshot, claimant);
  }
  return {
    backendOf: (content) => {
      const id = byClaimant.get(content);
      return id === undefined ? resolve(content, { ...joins, idsByName }) : { state: 'found', id };
    },
    claimantOf: (snapshot) => {
      const claimant = bySnapshot.get(snapshot);
      return claimant && describeClaimant(claimant);
    },
    snapshotsOf: (dataset) => byDataset.get(dataset.system, dataset.id) ?? [],
  };
}
