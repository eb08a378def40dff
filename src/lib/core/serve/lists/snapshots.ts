import { BySystem } from '../../correlate/by-system.ts';
import { clusterItems, systemItems } from '../../correlate/derive.ts';
import { snapshotHandleOf } from '../../correlate/volume-handle.ts';
import { lazy } from '../../model/lazy.ts';
import { type VolumeSnapshot, type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { type DatasetPlace } from '../../model/resource-ref.ts';
import { refToContent, refToVolumeSnapshot } from '../../model/subjects.ts';
import { type ZfsSnapshot } from '../../model/truenas.ts';
import { type SnapshotItem } from '../../render/wire/kubernetes-list-schema.ts';
import { type Listed, type Seen } from './listed.ts';
import { aboutObject, approximation, bytesIn, keysOfObject, type Row } from './row-parts.ts';

type Backend = NonNullable<SnapshotItem['backend']>;

/** ZFS snapshots by the name after `@`, those that contents count on alone: it holds a uid, which no two have in common. */
type ClaimedSnapshots = () => ReadonlyMap<string, ZfsSnapshot>;

function claimedSnapshots({ inventory, derived }: Seen): ClaimedSnapshots {
  return lazy(() => {
    const claimed = new Map<string, ZfsSnapshot>();
    for (const snapshot of systemItems(inventory, 'zfsSnapshots')) {
      if (derived.snapshotLinks.isClaimed(snapshot)) claimed.set(snapshot.name, snapshot);
    }
    return claimed;
  });
}

const UNKNOWN: Backend = {
  state: 'unknown',
  system: null,
  reason: null,
  id: null,
  used_bytes: null,
};

/** A copy apart from its volume is a dataset, and no snapshot is found for it. */
function toFound(content: VolumeSnapshotContent, id: string, claimed: ClaimedSnapshots): Backend {
  const name = snapshotHandleOf(content)?.snapshot;
  const snapshot = name === undefined ? undefined : claimed().get(name);
  if (snapshot === undefined) return { ...UNKNOWN, state: 'found', id };
  return {
    ...UNKNOWN,
    state: 'found',
    system: snapshot.system,
    id: snapshot.id,
    used_bytes: bytesIn(snapshot.details?.used),
  };
}

/** What stands behind a content. */
function toBackend(
  content: VolumeSnapshotContent,
  { derived }: Seen,
  claimed: ClaimedSnapshots,
): Backend {
  const backend = derived.snapshotLinks.backendOf(content);
  switch (backend.state) {
    case 'found':
      return toFound(content, backend.id, claimed);
    case 'absent':
      return { ...UNKNOWN, state: 'absent', system: backend.system, id: backend.id };
    case 'unknown':
      return { ...UNKNOWN, reason: backend.reason };
  }
}

function placesOf(backend: Backend | null): readonly DatasetPlace[] {
  const { system = null, id = null } = backend ?? {};
  return system === null || id === null ? [] : [{ system, path: id }];
}

function toContent(content: VolumeSnapshotContent): SnapshotItem['content'] {
  return {
    name: content.name,
    driver: content.driver,
    deletion_policy: content.deletionPolicy,
    handle: content.snapshotHandle,
    restore_size_bytes: bytesIn(content.restoreSize),
  };
}

/** Contents by cluster, and by the uid of the VolumeSnapshot they are bound to, or their own name. */
interface Contents {
  readonly byUid: BySystem<VolumeSnapshotContent>;
  readonly byName: BySystem<VolumeSnapshotContent>;
}

function indexContents(contents: readonly VolumeSnapshotContent[]): Contents {
  const byUid = new BySystem<VolumeSnapshotContent>();
  const byName = new BySystem<VolumeSnapshotContent>();
  for (const content of contents) {
    byName.set(content.cluster, content.name, content);
    const uid = content.snapshot?.uid ?? null;
    if (uid !== null) byUid.set(content.cluster, uid, content);
  }
  return { byUid, byName };
}

/** The content a VolumeSnapshot names, or the one that names it: in the middle of binding only one of them does. */
function contentOf(
  { cluster, uid, contentName }: VolumeSnapshot,
  { byUid, byName }: Contents,
): VolumeSnapshotContent | undefined {
  const named = contentName === null ? undefined : byName.get(cluster, contentName);
  return named ?? byUid.get(cluster, uid);
}

/** What rows of snapshots are made by. */
interface Making extends Listed {
  readonly claimed: ClaimedSnapshots;
}

function toSnapshotRow(
  snapshot: VolumeSnapshot,
  content: VolumeSnapshotContent | undefined,
  { seen, findings, claimed }: Making,
): SnapshotItem {
  const backend = content === undefined ? null : toBackend(content, seen, claimed);
  const own = refToVolumeSnapshot(snapshot);
  const refs = content === undefined ? [own] : [own, refToContent(content)];
  return {
    name: snapshot.name,
    namespace: snapshot.namespace,
    cluster: snapshot.cluster,
    snapshot_class: snapshot.snapshotClass,
    source_claim: snapshot.sourceClaim,
    ready: snapshot.readyToUse,
    error: snapshot.error?.message ?? null,
    content: content === undefined ? null : toContent(content),
    ...approximation(content?.restoreSize),
    backend,
    ...aboutObject(snapshot, findings.of(refs, placesOf(backend))),
  };
}

function toContentRow(
  content: VolumeSnapshotContent,
  { seen, findings, claimed }: Making,
): SnapshotItem {
  const backend = toBackend(content, seen, claimed);
  return {
    name: null,
    namespace: content.snapshot?.namespace ?? null,
    cluster: content.cluster,
    snapshot_class: content.snapshotClass,
    source_claim: null,
    ready: content.readyToUse,
    error: content.error?.message ?? null,
    content: toContent(content),
    ...approximation(content.restoreSize),
    backend,
    ...aboutObject(content, findings.of([refToContent(content)], placesOf(backend))),
  };
}

/** VolumeSnapshots with their contents, then the contents that no VolumeSnapshot stands before, each with its ZFS snapshot. */
export function* snapshotRows(listed: Listed): Iterable<Row<SnapshotItem>> {
  const { inventory } = listed.seen;
  const making = { ...listed, claimed: claimedSnapshots(listed.seen) };
  const contents = clusterItems(inventory, 'volumeSnapshotContents');
  const index = indexContents(contents);
  const bound = new Set<VolumeSnapshotContent>();
  for (const snapshot of clusterItems(inventory, 'volumeSnapshots')) {
    const content = contentOf(snapshot, index);
    if (content !== undefined) bound.add(content);
    yield [keysOfObject(snapshot), toSnapshotRow(snapshot, content, making)];
  }
  for (const content of contents) {
    if (bound.has(content)) continue;
    // It lies in no namespace, and belongs to the one its VolumeSnapshot was in.
    const namespace = content.snapshot?.namespace ?? null;
    yield [{ ...keysOfObject(content), namespace }, toContentRow(content, making)];
  }
}
