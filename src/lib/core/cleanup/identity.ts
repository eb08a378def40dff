import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  type VolumeAttachment,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
} from '../model/kubernetes.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSubsystem,
  type SmbShare,
  type TargetGroup,
  type ZfsSnapshot,
} from '../model/truenas.ts';
import { type Identity } from './expectation.ts';

/*
 * By what an object is known again. Database ids and names are used anew, so none of them stands alone: TrueNAS is asked for path
 * and name behind every id, for `guid` and `createtxg` where it has them and for the creation where not, Kubernetes for uid and
 * resourceVersion. Plans take these from the inventory, writers from what they have just read.
 */

/** A row that joins a subsystem with a port or a host. */
export interface NvmetJoin {
  readonly id: number;
  readonly subsystemId: number;
  readonly memberId: number;
  /** Address of the port, or NQN of the host. */
  readonly member: string;
}

/** The groups of a target, in a text that is the same for the same. */
export function groupsText(groups: readonly TargetGroup[]): string {
  return groups
    .map(({ portal, initiator, auth, authMethod }) =>
      [portal, initiator, auth, authMethod].map((each) => each ?? '-').join(' '),
    )
    .join(', ');
}

export const identityOf = {
  nfsShare: ({ id, path, enabled }: NfsShare): Identity => ({ id, path, enabled }),

  smbShare: ({ id, name, path, enabled }: SmbShare): Identity => ({ id, name, path, enabled }),

  /** Groups travel as one text: what is compared is whether anybody else reaches it. */
  iscsiTarget: ({ id, name, groups }: IscsiTarget): Identity => ({
    id,
    name,
    groups: groupsText(groups),
  }),

  iscsiExtent: ({ id, name, type, path, enabled }: IscsiExtent): Identity => ({
    id,
    name,
    type,
    path,
    enabled,
  }),

  iscsiMapping: ({ id, target, extent, lun }: IscsiTargetExtent): Identity => ({
    id,
    target,
    extent,
    lun,
  }),

  nvmetSubsystem: ({ id, name }: NvmetSubsystem): Identity => ({ id, name }),

  nvmetPortJoin: ({ id, subsystemId, memberId, member }: NvmetJoin): Identity => ({
    id,
    subsystem_id: subsystemId,
    port_id: memberId,
    port: member,
  }),

  nvmetHostJoin: ({ id, subsystemId, memberId, member }: NvmetJoin): Identity => ({
    id,
    subsystem_id: subsystemId,
    host_id: memberId,
    host: member,
  }),

  nvmetNamespace: ({ id, devicePath, subsystemId, enabled }: NvmetNamespace): Identity => ({
    id,
    device_path: devicePath,
    subsystem_id: subsystemId,
    enabled,
  }),

  /** `used_by_dataset` tells whether anybody has written since; the mark is what is written on it, whoever's it is. */
  dataset: (dataset: Dataset): Identity => ({
    id: dataset.id,
    kind: dataset.kind,
    guid: dataset.guid,
    createtxg: dataset.createtxg,
    created_at: dataset.createdAt?.toISOString() ?? null,
    origin: dataset.origin,
    volume_name: dataset.properties.csiVolumeName,
    instance_id: dataset.properties.instanceId,
    mark: dataset.marks.quarantined,
    used_by_dataset: dataset.usedByDataset?.bytes ?? null,
  }),

  /** Only of one that was looked up with its details. */
  snapshot: ({ id, details }: ZfsSnapshot): Identity => ({
    id,
    createtxg: details?.createtxg ?? null,
    created_at: details?.createdAt?.toISOString() ?? null,
    holds: (details?.holds ?? []).toSorted().join(' '),
  }),

  persistentVolume: (volume: PersistentVolume): Identity => ({
    name: volume.name,
    uid: volume.uid,
    resource_version: volume.resourceVersion,
    policy: volume.reclaimPolicy,
    deleted_at: volume.deletedAt?.toISOString() ?? null,
  }),

  persistentVolumeClaim: (claim: PersistentVolumeClaim): Identity => ({
    name: claim.name,
    namespace: claim.namespace,
    uid: claim.uid,
    resource_version: claim.resourceVersion,
    deleted_at: claim.deletedAt?.toISOString() ?? null,
  }),

  snapshotContent: (content: VolumeSnapshotContent): Identity => ({
    name: content.name,
    uid: content.uid,
    resource_version: content.resourceVersion,
    policy: content.deletionPolicy,
    deleted_at: content.deletedAt?.toISOString() ?? null,
  }),

  volumeSnapshot: (snapshot: VolumeSnapshot): Identity => ({
    name: snapshot.name,
    namespace: snapshot.namespace,
    uid: snapshot.uid,
    resource_version: snapshot.resourceVersion,
    content: snapshot.contentName,
    deleted_at: snapshot.deletedAt?.toISOString() ?? null,
  }),

  volumeAttachment: (attachment: VolumeAttachment): Identity => ({
    name: attachment.name,
    uid: attachment.uid,
    resource_version: attachment.resourceVersion,
    deleted_at: attachment.deletedAt?.toISOString() ?? null,
  }),
} as const;
