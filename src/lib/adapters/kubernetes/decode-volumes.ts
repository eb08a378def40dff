import {
  type ClaimPhase,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type VolumePhase,
  type VolumeSource,
} from '../../core/model/kubernetes.ts';
import { CSI_ATTRIBUTES } from './allow-list.ts';
import { decodeFlexVolume, decodeNodePath } from './decode-host-volumes.ts';
import {
  conditionAt,
  decodeMeta,
  decodeNamespacedMeta,
  decodeReference,
  holds,
  instantAt,
  pickTexts,
  sizeAt,
  sharedTextAt,
} from './decode-meta.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';

const VOLUME_PHASES: readonly VolumePhase[] = [
  'Pending',
  'Available',
  'Bound',
  'Released',
  'Failed',
];
const CLAIM_PHASES: readonly ClaimPhase[] = ['Pending', 'Bound', 'Lost'];

/** The class of an object from before `spec.storageClassName` stands in this annotation. */
const LEGACY_CLASS = 'volume.beta.kubernetes.io/storage-class';

/** A volume whose source cannot be read is undefined too: it may use a dataset that would look unused. */
export function decodePersistentVolume(
  item: JsonRecord,
  cluster: string,
): PersistentVolume | undefined {
  const meta = decodeMeta(item, cluster);
  const spec = recordAt(item, 'spec');
  const source = decodeVolumeSource(spec, 'volume');
  if (meta === undefined || source === undefined) return undefined;
  const status = recordAt(item, 'status');
  return {
    ...meta,
    capacity: sizeAt(recordAt(spec, 'capacity'), 'storage'),
    reclaimPolicy: sharedTextAt(spec, 'persistentVolumeReclaimPolicy') ?? 'Retain',
    storageClass: sharedTextAt(spec, 'storageClassName') ?? meta.annotations[LEGACY_CLASS] ?? null,
    phase: phaseOf(status, VOLUME_PHASES) ?? 'Unknown',
    phaseSince: instantAt(status, 'lastPhaseTransitionTime'),
    statusMessage: statusMessage(status),
    writable: isWritable(spec),
    claim: decodeReference(spec['claimRef']),
    source,
  };
}

export function decodePersistentVolumeClaim(
  item: JsonRecord,
  cluster: string,
): PersistentVolumeClaim | undefined {
  const meta = decodeNamespacedMeta(item, cluster);
  if (meta === undefined || !isRecord(item['spec'])) return undefined;
  const spec = item['spec'];
  const status = recordAt(item, 'status');
  const unused = conditionAt(status, 'Unused');
  return {
    ...meta,
    phase: phaseOf(status, CLAIM_PHASES) ?? 'Unknown',
    storageClass: sharedTextAt(spec, 'storageClassName') ?? meta.annotations[LEGACY_CLASS] ?? null,
    volumeName: textAt(spec, 'volumeName'),
    requested: sizeAt(recordAt(recordAt(spec, 'resources'), 'requests'), 'storage'),
    capacity: sizeAt(recordAt(status, 'capacity'), 'storage'),
    unused: holds(unused),
    unusedSince: instantAt(unused, 'lastTransitionTime'),
    resizing: isResizing(status),
  };
}

/** States of an expansion that goes on by itself, or at the next mount. */
const EXPANDING: ReadonlySet<unknown> = new Set([
  'ControllerResizeInProgress',
  'NodeResizePending',
  'NodeResizeInProgress',
]);

/** Newer clusters say it per resource; all of them in conditions. */
function isResizing(status: JsonRecord): boolean {
  return (
    EXPANDING.has(recordAt(status, 'allocatedResourceStatuses')['storage']) ||
    holds(conditionAt(status, 'Resizing')) === true ||
    holds(conditionAt(status, 'FileSystemResizePending')) === true
  );
}

/**
 * Where a volume's data is. Undefined where the object names a kind of source but not which one.
 *
 * @param owner a PersistentVolume names its CSI volume; a pod's inline one has no handle, and gets an empty one
 */
export function decodeVolumeSource(
  spec: JsonRecord,
  owner: 'volume' | 'pod',
): VolumeSource | undefined {
  for (const [kind, decode] of DECODERS) {
    const source = spec[kind] ?? undefined;
    if (source !== undefined) return isRecord(source) ? decode(source, owner) : undefined;
  }
  const type = Object.keys(spec).find((key) => isRecord(spec[key]) && !NOT_A_SOURCE.has(key));
  return type === undefined ? undefined : { kind: 'other', type };
}

const DECODERS = [
  ['csi', decodeCsi],
  ['nfs', decodeNfs],
  ['iscsi', decodeIscsi],
  ['flexVolume', decodeFlexVolume],
  ['hostPath', decodeNodePath('hostPath')],
  ['local', decodeNodePath('local')],
] as const;

/** Members of a volume's spec that are objects, but not its source. */
const NOT_A_SOURCE: ReadonlySet<string> = new Set(['capacity', 'claimRef', 'nodeAffinity']);

function decodeCsi(csi: JsonRecord, owner: 'volume' | 'pod'): VolumeSource | undefined {
  const driver = sharedTextAt(csi, 'driver');
  const handle = owner === 'pod' ? '' : textAt(csi, 'volumeHandle');
  if (driver === null || handle === null) return undefined;
  return { kind: 'csi', driver, handle, attributes: attributesOf(csi['volumeAttributes']) };
}

/** What nfs.csi.k8s.io and smb.csi.k8s.io read in any case: `subDir` is as good as `subdir`. */
const IN_ANY_CASE: ReadonlySet<string> = new Set(['server', 'share', 'subdir', 'source']);

function attributesOf(value: unknown): Readonly<Record<string, string>> {
  const exact = pickTexts(value, CSI_ATTRIBUTES);
  if (!isRecord(value)) return exact;
  let attributes = exact;
  for (const [key, text] of Object.entries(value)) {
    const lower = key.toLowerCase();
    if (lower === key || lower in exact || !IN_ANY_CASE.has(lower)) continue;
    if (typeof text === 'string') attributes = { ...attributes, [lower]: text };
  }
  return attributes;
}

function decodeNfs(nfs: JsonRecord): VolumeSource | undefined {
  const server = textAt(nfs, 'server');
  const path = textAt(nfs, 'path');
  return server === null || path === null ? undefined : { kind: 'nfs', server, path };
}

function decodeIscsi(iscsi: JsonRecord): VolumeSource | undefined {
  const portal = textAt(iscsi, 'targetPortal');
  const iqn = textAt(iscsi, 'iqn');
  const lun = iscsi['lun'] ?? 0;
  if (portal === null || iqn === null || typeof lun !== 'number') return undefined;
  return { kind: 'iscsi', portal, iqn, lun };
}

const SOURCES = ['csi', 'nfs', 'iscsi', 'flexVolume'] as const;

/** A source may be mounted read-only whatever its modes allow. */
function isWritable(spec: JsonRecord): boolean | null {
  const modes = listAt(spec, 'accessModes');
  if (modes.length === 0) return null;
  const readOnly = SOURCES.some((source) => recordAt(spec, source)['readOnly'] === true);
  return !readOnly && modes.some((mode) => mode !== 'ReadOnlyMany');
}

function phaseOf<P extends string>(status: JsonRecord, phases: readonly P[]): P | undefined {
  return phases.find((phase) => phase === status['phase']);
}

function statusMessage(status: JsonRecord): string | null {
  const parts = [textAt(status, 'reason'), textAt(status, 'message')].filter(
    (part) => part !== null,
  );
  return parts.length === 0 ? null : parts.join(': ');
}
