import { type Inventory, type ListSource } from '../model/inventory.ts';
import { type Listing } from '../model/coverage.ts';
import { type ResourceRef, type ResourceType, type StorageType } from '../model/resource-ref.ts';
import {
  refToAttachment,
  refToClaim,
  refToContent,
  refToDataset,
  refToExtent,
  refToInitiator,
  refToNamespace,
  refToNfsShare,
  refToReplicationTask,
  refToSmbShare,
  refToSnapshot,
  refToSnapshotClass,
  refToSnapshotTask,
  refToStorageClass,
  refToSubsystem,
  refToTarget,
  refToVolume,
  refToVolumeSnapshot,
} from '../model/subjects.ts';

/** The list a type's objects are in, and every one of them. */
interface Shelf {
  readonly source: ListSource;
  readonly refs: (inventory: Inventory) => readonly ResourceRef[];
}

type Lists<M> = M extends { readonly lists: infer L } ? L : never;
type ItemOf<L, S extends keyof L> = NonNullable<L[S]> extends Listing<infer T> ? T : never;

type ClusterListsOf = Lists<Inventory['clusters'][number]>;
type SystemListsOf = Lists<Inventory['systems'][number]>;

function inClusters<S extends keyof ClusterListsOf>(
  source: S,
  refTo: (item: ItemOf<ClusterListsOf, S>) => ResourceRef,
): Shelf {
  return {
    source,
    refs: ({ clusters }) =>
      clusters.flatMap(({ lists }) => {
        const items = (lists[source]?.items ?? []) as readonly ItemOf<ClusterListsOf, S>[];
        return items.map(refTo);
      }),
  };
}

function onSystems<S extends keyof SystemListsOf>(
  source: S,
  refTo: (item: ItemOf<SystemListsOf, S>) => ResourceRef,
): Shelf {
  return {
    source,
    refs: ({ systems }) =>
      systems.flatMap(({ lists }) => {
        const items = (lists[source]?.items ?? []) as readonly ItemOf<SystemListsOf, S>[];
        return items.map(refTo);
      }),
  };
}

const datasets = onSystems('datasets', refToDataset);

/** Where the objects of each type are found. Datasets and zvols share a list, and people call both datasets. */
export const SHELVES: Readonly<Partial<Record<ResourceType, Shelf>>> = {
  PersistentVolume: inClusters('persistentVolumes', refToVolume),
  PersistentVolumeClaim: inClusters('persistentVolumeClaims', refToClaim),
  VolumeSnapshot: inClusters('volumeSnapshots', refToVolumeSnapshot),
  VolumeSnapshotContent: inClusters('volumeSnapshotContents', refToContent),
  VolumeAttachment: inClusters('volumeAttachments', refToAttachment),
  StorageClass: inClusters('storageClasses', refToStorageClass),
  VolumeSnapshotClass: inClusters('volumeSnapshotClasses', refToSnapshotClass),
  Dataset: datasets,
  Zvol: datasets,
  ZfsSnapshot: onSystems('zfsSnapshots', refToSnapshot),
  NfsShare: onSystems('nfsShares', refToNfsShare),
  SmbShare: onSystems('smbShares', refToSmbShare),
  IscsiTarget: onSystems('iscsiTargets', refToTarget),
  IscsiExtent: onSystems('iscsiExtents', refToExtent),
  IscsiInitiator: onSystems('iscsiInitiators', refToInitiator),
  NvmetNamespace: onSystems('nvmetNamespaces', refToNamespace),
  NvmetSubsystem: onSystems('nvmetSubsystems', refToSubsystem),
  SnapshotTask: onSystems('snapshotTasks', refToSnapshotTask),
  ReplicationTask: onSystems('replicationTasks', refToReplicationTask),
} satisfies Record<StorageType, Shelf>;
