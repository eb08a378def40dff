import { type VolumeSnapshot, type VolumeSnapshotContent } from '../../core/model/kubernetes.ts';
import { decodeMeta, decodeNamespacedMeta, decodeReference, sizeAt } from './decode-meta.ts';
import { booleanAt, recordAt, textAt, type JsonRecord } from './json.ts';

export function decodeVolumeSnapshot(
  item: JsonRecord,
  cluster: string,
): VolumeSnapshot | undefined {
  const meta = decodeNamespacedMeta(item, cluster);
  if (meta === undefined) return undefined;
  const source = recordAt(recordAt(item, 'spec'), 'source');
  const status = recordAt(item, 'status');
  return {
    ...meta,
    contentName:
      textAt(status, 'boundVolumeSnapshotContentName') ??
      textAt(source, 'volumeSnapshotContentName'),
    sourceClaim: textAt(source, 'persistentVolumeClaimName'),
    readyToUse: booleanAt(status, 'readyToUse'),
  };
}

export function decodeVolumeSnapshotContent(
  item: JsonRecord,
  cluster: string,
): VolumeSnapshotContent | undefined {
  const meta = decodeMeta(item, cluster);
  const spec = recordAt(item, 'spec');
  const driver = textAt(spec, 'driver');
  if (meta === undefined || driver === null) return undefined;
  const source = recordAt(spec, 'source');
  const status = recordAt(item, 'status');
  return {
    ...meta,
    driver,
    deletionPolicy: textAt(spec, 'deletionPolicy') ?? 'Retain',
    snapshotHandle: textAt(status, 'snapshotHandle') ?? textAt(source, 'snapshotHandle'),
    volumeHandle: textAt(source, 'volumeHandle'),
    snapshot: decodeReference(spec['volumeSnapshotRef']),
    readyToUse: booleanAt(status, 'readyToUse'),
    restoreSize: sizeAt(status, 'restoreSize'),
  };
}
