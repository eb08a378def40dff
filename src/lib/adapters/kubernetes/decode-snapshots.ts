import {
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
} from '../../core/model/kubernetes.ts';
import {
  decodeError,
  decodeMeta,
  decodeNamespacedMeta,
  decodeReference,
  isMarked,
  sizeAt,
  sharedTextAt,
} from './decode-meta.ts';
import { booleanAt, recordAt, textAt, type JsonRecord } from './json.ts';

export function decodeVolumeSnapshot(
  item: JsonRecord,
  cluster: string,
): VolumeSnapshot | undefined {
  const meta = decodeNamespacedMeta(item, cluster);
  if (meta === undefined) return undefined;
  const spec = recordAt(item, 'spec');
  const source = recordAt(spec, 'source');
  const status = recordAt(item, 'status');
  return {
    ...meta,
    contentName:
      textAt(status, 'boundVolumeSnapshotContentName') ??
      textAt(source, 'volumeSnapshotContentName'),
    sourceClaim: textAt(source, 'persistentVolumeClaimName'),
    snapshotClass: sharedTextAt(spec, 'volumeSnapshotClassName'),
    readyToUse: booleanAt(status, 'readyToUse'),
    error: decodeError(status['error']),
  };
}

export function decodeVolumeSnapshotContent(
  item: JsonRecord,
  cluster: string,
): VolumeSnapshotContent | undefined {
  const meta = decodeMeta(item, cluster);
  const spec = recordAt(item, 'spec');
  const driver = sharedTextAt(spec, 'driver');
  if (meta === undefined || driver === null) return undefined;
  const source = recordAt(spec, 'source');
  const status = recordAt(item, 'status');
  return {
    ...meta,
    driver,
    deletionPolicy: sharedTextAt(spec, 'deletionPolicy') ?? 'Retain',
    snapshotHandle: textAt(status, 'snapshotHandle') ?? textAt(source, 'snapshotHandle'),
    volumeHandle: textAt(source, 'volumeHandle'),
    snapshot: decodeReference(spec['volumeSnapshotRef']),
    snapshotClass: sharedTextAt(spec, 'volumeSnapshotClassName'),
    readyToUse: booleanAt(status, 'readyToUse'),
    restoreSize: sizeAt(status, 'restoreSize'),
    error: decodeError(status['error']),
  };
}

export function decodeVolumeSnapshotClass(
  item: JsonRecord,
  cluster: string,
): VolumeSnapshotClass | undefined {
  const meta = decodeMeta(item, cluster);
  const driver = sharedTextAt(item, 'driver');
  if (meta === undefined || driver === null) return undefined;
  return {
    ...meta,
    driver,
    deletionPolicy: sharedTextAt(item, 'deletionPolicy') ?? 'Delete',
    detached: isDetached(recordAt(item, 'parameters')),
    isDefault: isMarked(item, ['snapshot.storage.kubernetes.io/is-default-class']),
    parameterNames: Object.keys(recordAt(item, 'parameters')),
  };
}

/** The parameter may stand behind a prefix that names a driver or a deployment of it. */
function isDetached(parameters: JsonRecord): boolean {
  return Object.entries(parameters).some(
    ([key, value]) => value === 'true' && key.split('/').at(-1) === 'detachedSnapshots',
  );
}
