import { type VolumeSnapshot, type VolumeSnapshotContent } from '../model/kubernetes.ts';
import { type Dataset, type ZfsSnapshot } from '../model/truenas.ts';
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
   * The content or VolumeSnapshot that a ZFS snapshot of this name belongs to. The name holds a uid, which no
   * two objects share, so it claims the snapshot wherever it lies.
   */
  claimantOf(snapshotName: string): string | undefined;
  snapshotsOf(dataset: Dataset): readonly ZfsSnapshot[];
}

interface Joins {
  readonly index: DatasetIndex;
  readonly parents: ParentIndex;
  readonly snapshotIds: ReadonlySet<string>;
  /** Ids by the name after `@`, or by the `csi_snapshot_name` of a detached copy, wherever they lie. */
  readonly idsByName: ReadonlyMap<string, string>;
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

function resolve(content: VolumeSnapshotContent, joins: Joins): SnapshotBackend {
  const handle = snapshotHandleOf(content);
  if (handle === undefined) return { state: 'unknown', reason: 'its handle cannot be read' };
  const homes = joins.parents.forDriver(content.cluster, content.driver);
  const places = candidates(handle, homes);
  for (const { system, id, kind } of places) {
    const exists =
      kind === 'snapshot'
        ? joins.snapshotIds.has(`${system} ${id}`)
        : joins.index.find(system, id) !== undefined;
    if (exists) return { state: 'found', id };
  }
  // A parent that was renamed or moved takes its snapshots along.
  const moved = joins.idsByName.get(handle.snapshot);
  if (moved !== undefined) return { state: 'found', id: moved };
  const [place] = places;
  if (place === undefined || places.length > 1) {
    return { state: 'unknown', reason: `no single parent of driver ${content.driver} is known` };
  }
  return { state: 'absent', ...place };
}

/** Whom each snapshot name belongs to, by handle and by the uid in it. */
function collectClaimants(
  contents: readonly VolumeSnapshotContent[],
  volumeSnapshots: readonly VolumeSnapshot[],
): ReadonlyMap<string, string> {
  const claimants = new Map<string, string>();
  for (const each of volumeSnapshots) {
    claimants.set(`snapshot-${each.uid}`, `VolumeSnapshot ${each.namespace}/${each.name}`);
  }
  for (const content of contents) {
    const claimant = `content ${content.name}`;
    const handle = snapshotHandleOf(content);
    if (handle !== undefined) claimants.set(handle.snapshot, claimant);
    const uid = content.snapshot?.uid ?? null;
    if (uid !== null) claimants.set(`snapshot-${uid}`, claimant);
  }
  return claimants;
}

/** Joins snapshot contents with ZFS snapshots and detached copies. */
export function linkSnapshots(
  contents: readonly VolumeSnapshotContent[],
  volumeSnapshots: readonly VolumeSnapshot[],
  snapshots: readonly ZfsSnapshot[],
  datasets: readonly Dataset[],
  joins: { readonly index: DatasetIndex; readonly parents: ParentIndex },
): SnapshotLinks {
  const claimants = collectClaimants(contents, volumeSnapshots);
  const snapshotIds = new Set<string>();
  const idsByName = new Map<string, string>();
  for (const { id, properties } of datasets) {
    if (properties.csiSnapshotName !== null) idsByName.set(properties.csiSnapshotName, id);
  }
  const byDataset = new Map<string, ZfsSnapshot[]>();
  for (const snapshot of snapshots) {
    snapshotIds.add(`${snapshot.system} ${snapshot.id}`);
    idsByName.set(snapshot.name, snapshot.id);
    const key = `${snapshot.system} ${snapshot.dataset}`;
    const list = byDataset.get(key);
    if (list === undefined) byDataset.set(key, [snapshot]);
    else list.push(snapshot);
  }
  const all: Joins = { ...joins, snapshotIds, idsByName };
  return {
    backendOf: (content) => resolve(content, all),
    claimantOf: (name) => claimants.get(name),
    snapshotsOf: (dataset) => byDataset.get(`${dataset.system} ${dataset.id}`) ?? [],
  };
}
