import { type ResourceKind } from '../../core/cleanup/change.ts';
import { isRecord, recordAt, textAt, type JsonRecord } from './json.ts';

/** An object as it is kept: whole, but for who wrote which field. */
export function manifestOf(object: JsonRecord): JsonRecord {
  return { ...object, metadata: without(recordAt(object, 'metadata'), ['managedFields']) };
}

/** What the server gives every object anew. */
const OF_THE_SERVER = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
  // An owner that is gone by now would have the object collected as garbage at once.
  'ownerReferences',
];

/**
 * The object that is created to bring a deleted one back. A volume keeps its whole `claimRef`: with the uid of the claim that is
 * gone it is Released as it was, and without it any claim of that name could bind it. Text is why it must not be made.
 */
export function manifestToCreate(kind: ResourceKind, saved: JsonRecord): JsonRecord | string {
  const manifest = {
    ...without(saved, ['status']),
    metadata: without(recordAt(saved, 'metadata'), OF_THE_SERVER),
  };
  const spec = recordAt(saved, 'spec');
  if (kind === 'persistentvolume' && spec['persistentVolumeReclaimPolicy'] === 'Delete') {
    return 'a volume that no claim holds any more would be deleted by its driver, data and all, with the policy Delete';
  }
  if (kind === 'volumesnapshot') return withItsContent(manifest, saved);
  return kind === 'volumesnapshotcontent' ? withItsSnapshot(manifest, saved) : manifest;
}

/** One that names a claim asks for a new snapshot of it; one that names a content stands for that one. */
function withItsContent(manifest: JsonRecord, saved: JsonRecord): JsonRecord | string {
  const spec = recordAt(saved, 'spec');
  const content =
    textAt(recordAt(saved, 'status'), 'boundVolumeSnapshotContentName') ??
    textAt(recordAt(spec, 'source'), 'volumeSnapshotContentName');
  if (content === null) return 'the VolumeSnapshot does not name the content that it stood for';
  return { ...manifest, spec: { ...spec, source: { volumeSnapshotContentName: content } } };
}

/** A content that names a volume asks for a new snapshot of it; one that names a snapshot stands for that one. */
function withItsSnapshot(manifest: JsonRecord, saved: JsonRecord): JsonRecord | string {
  const spec = recordAt(saved, 'spec');
  const handle =
    textAt(recordAt(saved, 'status'), 'snapshotHandle') ??
    textAt(recordAt(spec, 'source'), 'snapshotHandle');
  if (handle === null) return 'the snapshot content does not name the snapshot that it stood for';
  return { ...manifest, spec: { ...spec, source: { snapshotHandle: handle } } };
}

function without(record: JsonRecord, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

/** Whether a volume may be given the policy Delete: its driver deletes the data of one that no claim holds. */
export function isBound(volume: Readonly<Record<string, unknown>>): boolean {
  const { status } = volume;
  return isRecord(status) && status['phase'] === 'Bound';
}
