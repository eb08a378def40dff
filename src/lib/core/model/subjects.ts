import { type ObjectMeta } from './kubernetes.ts';
import { type ResourceRef, type ResourceType } from './resource-ref.ts';
import { type Dataset, type IscsiExtent, type NfsShare, type ZfsSnapshot } from './truenas.ts';

function onCluster(type: ResourceType, object: ObjectMeta): ResourceRef {
  return {
    location: 'kubernetes',
    cluster: object.cluster,
    type,
    name: object.name,
    namespace: object.namespace,
    discriminator: null,
  };
}

function onSystem(
  type: ResourceType,
  system: string,
  name: string,
  discriminator: string | null = null,
): ResourceRef {
  return { location: 'truenas', system, type, name, namespace: null, discriminator };
}

export function refToVolume(volume: ObjectMeta): ResourceRef {
  return onCluster('PersistentVolume', volume);
}

export function refToClaim(claim: ObjectMeta): ResourceRef {
  return onCluster('PersistentVolumeClaim', claim);
}

export function refToContent(content: ObjectMeta): ResourceRef {
  return onCluster('VolumeSnapshotContent', content);
}

export function refToDataset(dataset: Dataset): ResourceRef {
  return onSystem(dataset.kind === 'volume' ? 'Zvol' : 'Dataset', dataset.system, dataset.id);
}

export function refToSnapshot(snapshot: ZfsSnapshot): ResourceRef {
  return onSystem('ZfsSnapshot', snapshot.system, snapshot.id);
}

/** A path may be exported twice, so the share's id belongs to its identity. */
export function refToNfsShare(share: NfsShare): ResourceRef {
  return onSystem('NfsShare', share.system, share.path, String(share.id));
}

export function refToExtent(extent: IscsiExtent): ResourceRef {
  return onSystem('IscsiExtent', extent.system, extent.name, String(extent.id));
}
