import { type ObjectMeta } from './kubernetes.ts';
import { type ResourceRef, type ResourceType } from './resource-ref.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiInitiator,
  type IscsiTarget,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSubsystem,
  type SmbShare,
  type ZfsSnapshot,
} from './truenas.ts';
import { type ReplicationTask, type SnapshotTask } from './truenas-tasks.ts';

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

export function refToVolumeSnapshot(snapshot: ObjectMeta): ResourceRef {
  return onCluster('VolumeSnapshot', snapshot);
}

export function refToAttachment(attachment: ObjectMeta): ResourceRef {
  return onCluster('VolumeAttachment', attachment);
}

export function refToStorageClass(storageClass: ObjectMeta): ResourceRef {
  return onCluster('StorageClass', storageClass);
}

export function refToSnapshotClass(snapshotClass: ObjectMeta): ResourceRef {
  return onCluster('VolumeSnapshotClass', snapshotClass);
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

export function refToSmbShare(share: SmbShare): ResourceRef {
  return onSystem('SmbShare', share.system, share.name, String(share.id));
}

export function refToTarget(target: IscsiTarget): ResourceRef {
  return onSystem('IscsiTarget', target.system, target.name, String(target.id));
}

/** Its comment is all the name it has. */
export function refToInitiator(initiator: IscsiInitiator): ResourceRef {
  return onSystem('IscsiInitiator', initiator.system, initiator.comment, String(initiator.id));
}

export function refToNamespace(namespace: NvmetNamespace): ResourceRef {
  return onSystem('NvmetNamespace', namespace.system, namespace.devicePath, String(namespace.id));
}

export function refToSubsystem(subsystem: NvmetSubsystem): ResourceRef {
  return onSystem('NvmetSubsystem', subsystem.system, subsystem.name, String(subsystem.id));
}

export function refToSnapshotTask(task: SnapshotTask): ResourceRef {
  return onSystem('SnapshotTask', task.system, task.dataset, String(task.id));
}

export function refToReplicationTask(task: ReplicationTask): ResourceRef {
  return onSystem('ReplicationTask', task.system, task.name, String(task.id));
}
