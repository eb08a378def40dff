import { type ClusterIdentity, type SystemIdentity } from './member-identity.ts';
import { type Listing } from './coverage.ts';
import { type Settings } from './settings.ts';
import { type DriverConfig } from './driver-config.ts';
import { type Connection } from './connection.ts';
import { type MovedDataset } from './moved-dataset.ts';
import {
  type CsiDriver,
  type DriverSecret,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
  type VolumeAttachment,
  type VolumeEvent,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
  type Workload,
} from './kubernetes.ts';
import {
  type ApiGroup,
  type CsiNode,
  type Lease,
  type Namespace,
  type Permission,
} from './kubernetes-surroundings.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiInitiator,
  type IscsiSession,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSession,
  type NvmetSubsystem,
  type Pool,
  type SmbShare,
  type ZfsSnapshot,
} from './truenas.ts';
import { type ReplicationTask, type RunningJob, type SnapshotTask } from './truenas-tasks.ts';
import {
  type IscsiAuth,
  type IscsiPortal,
  type NasAccount,
  type NasAddress,
  type NasAlert,
  type NasMethod,
  type NasService,
} from './truenas-surroundings.ts';

export { type ClusterIdentity, type SystemIdentity } from './member-identity.ts';

/** Every list a cluster can be asked for, by the name rules and reports use. */
export interface ClusterLists {
  readonly persistentVolumes: PersistentVolume;
  readonly persistentVolumeClaims: PersistentVolumeClaim;
  readonly volumeSnapshots: VolumeSnapshot;
  readonly volumeSnapshotContents: VolumeSnapshotContent;
  readonly storageClasses: StorageClass;
  readonly volumeSnapshotClasses: VolumeSnapshotClass;
  readonly csiDrivers: CsiDriver;
  /** Configurations of the drivers, from the Secrets their pods mount or our configuration names. */
  readonly driverSecrets: DriverSecret;
  readonly volumeAttachments: VolumeAttachment;
  readonly nodes: Node;
  /** Warnings about PersistentVolumes. */
  readonly events: VolumeEvent;
  readonly pods: Pod;
  readonly deployments: Workload;
  readonly statefulSets: Workload;
  readonly daemonSets: Workload;
  readonly replicaSets: Workload;
  readonly replicationControllers: Workload;
  readonly jobs: Workload;
  readonly cronJobs: Workload;
  readonly virtualMachines: Workload;
  readonly dataVolumes: Workload;
  readonly csiNodes: CsiNode;
  readonly leases: Lease;
  readonly namespaces: Namespace;
  readonly apiGroups: ApiGroup;
  /** What this tool would ask of the cluster, and whether it may. */
  readonly permissions: Permission;
}

/** Every list a TrueNAS system can be asked for. */
export interface SystemLists {
  readonly pools: Pool;
  readonly datasets: Dataset;
  readonly zfsSnapshots: ZfsSnapshot;
  readonly nfsShares: NfsShare;
  readonly smbShares: SmbShare;
  readonly iscsiTargets: IscsiTarget;
  readonly iscsiExtents: IscsiExtent;
  readonly iscsiTargetExtents: IscsiTargetExtent;
  readonly iscsiSessions: IscsiSession;
  readonly iscsiInitiators: IscsiInitiator;
  readonly nvmetNamespaces: NvmetNamespace;
  readonly nvmetSubsystems: NvmetSubsystem;
  readonly nvmetSessions: NvmetSession;
  readonly snapshotTasks: SnapshotTask;
  readonly replicationTasks: ReplicationTask;
  /** Jobs that are waiting or running. */
  readonly runningJobs: RunningJob;
  readonly iscsiPortals: IscsiPortal;
  readonly iscsiAuths: IscsiAuth;
  readonly services: NasService;
  readonly alerts: NasAlert;
  readonly addresses: NasAddress;
  /** Who this tool is to TrueNAS: one entry. */
  readonly account: NasAccount;
  /** What this tool would call, and whether it may. */
  readonly methods: NasMethod;
}

export type ClusterSource = keyof ClusterLists;
export type SystemSource = keyof SystemLists;
export type ListSource = ClusterSource | SystemSource;

/** The order in which sources are shown; also the list of their names at run time. */
export const CLUSTER_SOURCES = [
  'persistentVolumes',
  'persistentVolumeClaims',
  'volumeSnapshots',
  'volumeSnapshotContents',
  'storageClasses',
  'volumeSnapshotClasses',
  'csiDrivers',
  'driverSecrets',
  'volumeAttachments',
  'nodes',
  'events',
  'pods',
  'deployments',
  'statefulSets',
  'daemonSets',
  'replicaSets',
  'replicationControllers',
  'jobs',
  'cronJobs',
  'virtualMachines',
  'dataVolumes',
  'csiNodes',
  'leases',
  'namespaces',
  'apiGroups',
  'permissions',
] as const satisfies readonly ClusterSource[];

export const SYSTEM_SOURCES = [
  'pools',
  'datasets',
  'zfsSnapshots',
  'nfsShares',
  'smbShares',
  'iscsiTargets',
  'iscsiExtents',
  'iscsiTargetExtents',
  'iscsiSessions',
  'iscsiInitiators',
  'nvmetNamespaces',
  'nvmetSubsystems',
  'nvmetSessions',
  'snapshotTasks',
  'replicationTasks',
  'runningJobs',
  'iscsiPortals',
  'iscsiAuths',
  'services',
  'alerts',
  'addresses',
  'account',
  'methods',
] as const satisfies readonly SystemSource[];

export function isClusterSource(source: string): source is ClusterSource {
  return (CLUSTER_SOURCES as readonly string[]).includes(source);
}

/** Lists of one cluster; a source that was not asked for is absent. */
export interface ClusterInventory {
  readonly identity: ClusterIdentity;
  readonly lists: { readonly [S in ClusterSource]?: Listing<ClusterLists[S]> };
  /** Absent where nobody asked. */
  readonly connection?: Connection;
}

export interface SystemInventory {
  readonly identity: SystemIdentity;
  readonly lists: { readonly [S in SystemSource]?: Listing<SystemLists[S]> };
  readonly connection?: Connection;
}

/** Everything one scan saw, immutable, stamped with one instant of the local clock. */
export interface Inventory {
  readonly takenAt: Date;
  readonly clusters: readonly ClusterInventory[];
  readonly systems: readonly SystemInventory[];
  /** Driver deployments as declared in the configuration. */
  readonly drivers: readonly DriverConfig[];
  /** When objects without a creation time were first seen, by subject key. */
  readonly firstSeen: ReadonlyMap<string, Date>;
  /** What this tool itself has marked or moved, and not brought back. */
  readonly moved: readonly MovedDataset[];
  /** What the configuration says; absent where nobody asked. */
  readonly settings?: Settings;
}

/**
 * Freezes an inventory and each of its lists, so that no rule can change what the next one sees.
 * Objects inside lists are protected by their readonly types alone: freezing 100,000 of them costs more than a scan.
 */
export function freezeInventory(inventory: Inventory): Inventory {
  for (const member of [...inventory.clusters, ...inventory.systems]) {
    for (const listing of Object.values<Listing<unknown>>(member.lists)) {
      Object.freeze(listing.items);
      Object.freeze(listing);
    }
    Object.freeze(member.lists);
    Object.freeze(member.identity);
    Object.freeze(member);
  }
  Object.freeze(inventory.clusters);
  Object.freeze(inventory.systems);
  Object.freeze(inventory.drivers);
  Object.freeze(inventory.moved);
  return Object.freeze(inventory);
}
