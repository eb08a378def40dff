import { lazy } from '../model/lazy.ts';
import { type VolumeSnapshot, type VolumeSnapshotContent } from '../model/kubernetes.ts';
import { type Dataset, type ZfsSnapshot } from '../model/truenas.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { volumePathBelow, type KnownParent } from './known-parent.ts';
import { snapshotUids } from './listed-by.ts';
import { type ParentIndex } from './parents.ts';
import { SnapshotRuns } from './snapshot-runs.ts';
import { endingOf, UidEndings, uidAtEnd } from './uid-endings.ts';
import { leafOfSource, snapshotHandleOf, type SnapshotHandle } from './volume-handle.ts';

/** What stands behind a VolumeSnapshotContent on the NAS. */
export type SnapshotBackend =
  /** Under this id, or behind this handle. */
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
  /** Whether a snapshot of its own stands behind a content, as nearly always: spares saying which. */
  isServed(content: VolumeSnapshotContent): boolean;
  /**
   * Whether a content or VolumeSnapshot counts on a snapshot, by the name it has. The name holds a uid, which no two
   * objects share, so it claims the snapshot wherever it lies: a parent that was moved takes its snapshots along.
   */
  isClaimed(snapshot: ZfsSnapshot): boolean;
  /** When the object was made that a snapshot of this name was taken for, which is when it was taken; null where none is known. */
  takenAt(snapshotName: string): Date | null;
  /** Who counts on snapshots of this name. */
  claimantOf(snapshotName: string): string | undefined;
  snapshotsOf(dataset: Pick<Dataset, 'system' | 'id'>): readonly ZfsSnapshot[];
  /** A content whose handle names a snapshot of a volume with this leaf, whether that snapshot was seen or not. */
  contentNaming(leaf: string): string | undefined;
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

/** Whether the snapshot of a content is named after this uid, as it will be where there is no handle yet. */
function isNamedAfter({ snapshotHandle }: VolumeSnapshotContent, uid: string): boolean {
  return snapshotHandle === null || uidAtEnd(snapshotHandle) === uid;
}

/** Whom each snapshot belongs to, by the uid its name ends with, or by its whole name. */
class Claimants {
  readonly #contents: readonly VolumeSnapshotContent[];
  readonly #byUid: UidEndings;
  /** Places of contents. */
  readonly #byName = new Map<string, number>();
  readonly #snapshots: readonly VolumeSnapshot[];

  constructor(
    contents: readonly VolumeSnapshotContent[],
    volumeSnapshots: readonly VolumeSnapshot[],
  ) {
    this.#contents = contents;
    this.#byUid = new UidEndings(contents.length);
    this.#snapshots = volumeSnapshots;
    for (const [at, content] of contents.entries()) {
      const uid = content.snapshot?.uid ?? null;
      this.#byUid.add(uid);
      // Nearly every handle ends in the uid, and then its name says nothing more.
      if (uid !== null && isNamedAfter(content, uid)) continue;
      const name = snapshotHandleOf(content)?.snapshot;
      if (name !== undefined) this.#byName.set(name, at);
    }
  }

  /** Place in the list of contents of the one that claims a snapshot of this name. */
  contentPlace(name: string): number | undefined {
    const named = this.#byName.size === 0 ? undefined : this.#byName.get(name);
    return named ?? this.#byUid.find(name);
  }

  /** The VolumeSnapshot that claims a snapshot of this name, where no content does. */
  snapshotOf(name: string): VolumeSnapshot | undefined {
    const place = snapshotUids(this.#snapshots).find(name);
    return place === undefined ? undefined : this.#snapshots[place];
  }

  /** By the uid alone: a content made by hand for a snapshot that was there is younger than that. */
  dateOf(name: string): Date | null {
    const place = this.#byUid.find(name);
    const claimant = place === undefined ? this.snapshotOf(name) : this.#contents[place];
    return claimant?.createdAt ?? null;
  }

  find(name: string): Claimant | undefined {
    const place = this.contentPlace(name);
    return place === undefined ? this.snapshotOf(name) : this.#contents[place];
  }
}

function describeClaimant(claimant: Claimant): string {
  return claimant.namespace === null
    ? `content ${claimant.name}`
    : `VolumeSnapshot ${claimant.namespace}/${claimant.name}`;
}

/** How the leaves end of the volumes that handles name. */
function endingsNamed(contents: readonly VolumeSnapshotContent[]): ReadonlySet<number> {
  const endings = new Set<number>();
  for (const content of contents) {
    const leaf = leafOfSource(content);
    if (leaf !== undefined) endings.add(endingOf(leaf));
  }
  return endings;
}

/** A content for each leaf of a volume that handles name. */
function contentsByVolume(
  contents: readonly VolumeSnapshotContent[],
): ReadonlyMap<string, VolumeSnapshotContent> {
  const byVolume = new Map<string, VolumeSnapshotContent>();
  for (const content of contents) {
    const leaf = leafOfSource(content);
    if (leaf === undefined) continue;
    const known = byVolume.get(leaf);
    // Whichever came first in its list, the same one is told.
    if (known === undefined || content.name < known.name) byVolume.set(leaf, content);
  }
  return byVolume;
}

/** Ids of the few names that contents look for: nearly every content was found by its own place before. */
function nameIds(
  wanted: ReadonlySet<string>,
  snapshots: readonly ZfsSnapshot[],
  datasets: readonly Dataset[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const endings = new Set([...wanted].map(endingOf));
  // Nearly none is wanted, and to tell that by a number is cheaper than to hash every name.
  const isWanted = (name: string): boolean => endings.has(endingOf(name)) && wanted.has(name);
  for (const { name, id } of snapshots) if (isWanted(name)) ids.set(name, id);
  for (const { id, properties } of datasets) {
    const name = properties.csiSnapshotName;
    if (name !== null && isWanted(name)) ids.set(name, id);
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
  const served = new Uint8Array(contents.length);
  const unclaimed = new Set<ZfsSnapshot>();
  const runs = new SnapshotRuns(snapshots);
  for (const [at, snapshot] of snapshots.entries()) {
    runs.add(snapshot, at);
    const place = claimants.contentPlace(snapshot.name);
    if (place !== undefined) served[place] = 1;
    else if (claimants.snapshotOf(snapshot.name) === undefined) unclaimed.add(snapshot);
  }
  // Asked for the few datasets that nobody claims, and nearly none of these is named at all.
  const endings = lazy(() => endingsNamed(contents));
  const naming = lazy(() => contentsByVolume(contents));
  // The few that match nothing are kept, not the many that do.
  const unserved = new Set(contents.filter((_, at) => served[at] === 0));
  const idsByName = lazy(() => {
    const wanted = [...unserved].flatMap((content) => snapshotHandleOf(content)?.snapshot ?? []);
    return nameIds(new Set(wanted), snapshots, datasets);
  });
  return {
    backendOf: (content) =>
      unserved.has(content)
        ? resolve(content, { ...joins, idsByName })
        : { state: 'found', id: content.snapshotHandle ?? content.name },
    isServed: (content) => !unserved.has(content),
    isClaimed: (snapshot) => !unclaimed.has(snapshot),
    takenAt: (name) => claimants.dateOf(name),
    claimantOf: (name) => {
      const claimant = claimants.find(name);
      return claimant && describeClaimant(claimant);
    },
    snapshotsOf: (dataset) => runs.of(dataset),
    contentNaming: (leaf) => (endings().has(endingOf(leaf)) ? naming().get(leaf)?.name : undefined),
  };
}
