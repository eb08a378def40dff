import { type Size } from './quantity.ts';
import { type Bytes } from './units.ts';

/*
 * TrueNAS objects, with the fields this project uses, in one shape for every version and transport.
 */

export interface OnSystem {
  /** Name of the TrueNAS system in our configuration. */
  readonly system: string;
}

export interface Pool extends OnSystem {
  readonly name: string;
  /** Stays the same when the pool is imported under another name. */
  readonly guid: string | null;
  /** `ONLINE`, `DEGRADED`, `FAULTED`, `OFFLINE`, `UNAVAIL`, `REMOVED`, … as ZFS says it. */
  readonly status: string;
  readonly size: Bytes | null;
  readonly allocated: Bytes | null;
  readonly free: Bytes | null;
  /** ZFS's own word on its health; null where this version does not tell. */
  readonly healthy: boolean | null;
  /** How much of its free space is in small pieces, 0 to 100. */
  readonly fragmentation: number | null;
  readonly scrub: PoolScrub | null;
}

/** The last scrub or resilver of a pool. */
export interface PoolScrub {
  /** `SCRUB` or `RESILVER`. */
  readonly kind: string;
  /** `FINISHED`, `SCANNING`, `CANCELED`, … */
  readonly state: string;
  readonly endedAt: Date | null;
  readonly errors: number;
}

/** Whose properties an object carries, by their prefix. */
export type PropertyOwner = 'democratic-csi' | 'truenas-csi' | 'tns-csi';

/** What the CSI driver wrote on a dataset or snapshot, prefix removed. Values may be inherited. */
export interface DriverProperties {
  /** Null where no property of any driver is there. */
  readonly owner: PropertyOwner | null;
  readonly csiVolumeName: string | null;
  readonly managed: boolean;
  readonly provisionSuccess: boolean;
  readonly provisionerDriver: string | null;
  readonly instanceId: string | null;
  readonly csiSnapshotName: string | null;
  readonly csiSnapshotSourceVolumeId: string | null;
  /** `csi_share_volume_context` as written: JSON text. */
  readonly shareContext: string | null;
  /** Database ids as recorded: they are used again, and never join anything. */
  readonly nfsShareId: string | null;
  readonly smbShareId: string | null;
  readonly iscsiTargetId: string | null;
  readonly iscsiExtentId: string | null;
  readonly nvmetSubsystemId: string | null;
  readonly nvmetNamespaceId: string | null;
  readonly iscsiAssetsName: string | null;
  readonly nvmetAssetsName: string | null;
  /** What its nodes log in to, where the driver noted that. */
  readonly iscsiIqn: string | null;
  readonly nvmetNqn: string | null;
  /** Name of the class it was made of, where the driver noted that. */
  readonly storageClass: string | null;
  /** Namespace and name of the claim, where the properties remember them. */
  readonly claim: { readonly namespace: string; readonly name: string } | null;
  /** The driver was told to leave the volume on the NAS when its PersistentVolume goes. */
  readonly keptOnPurpose: boolean;
}

export interface Dataset extends OnSystem {
  /** Full path, `pool/parent/leaf`. */
  readonly id: string;
  readonly pool: string;
  readonly kind: 'filesystem' | 'volume';
  /** Null for zvols and for `none` or `legacy`. */
  readonly mountpoint: string | null;
  readonly createdAt: Date | null;
  /** Both known from 25.10 on; they tell a re-created dataset from the old one of the same name. */
  readonly guid: string | null;
  readonly createtxg: string | null;
  readonly used: Size | null;
  readonly usedByDataset: Size | null;
  readonly usedBySnapshots: Size | null;
  readonly usedByRefreservation: Size | null;
  /** What it may still grow by, as quotas and the pool allow. */
  readonly available: Size | null;
  /** Logical against physical bytes of it and all below, snapshots included: 1 and more. */
  readonly compressRatio: number | null;
  readonly readonly: boolean | null;
  readonly refquota: Size | null;
  readonly volsize: Size | null;
  /** Snapshot this dataset was cloned from, or null. */
  readonly origin: string | null;
  readonly locked: boolean;
  readonly properties: DriverProperties;
  readonly marks: MonitorMarks;
  /** What uses it, by the word of TrueNAS: known only where it was looked up on its own, else null. */
  readonly attachments: readonly DatasetAttachment[] | null;
}

/** What is enabled on TrueNAS and uses a dataset or what lies below it, as `pool.dataset.attachments` tells. */
export interface DatasetAttachment {
  /** `NFS Share`, `VM`, `Rsync Task`, … */
  readonly type: string;
  readonly names: readonly string[];
}

/** What this tool, or its user, wrote on a dataset, as text. Children and snapshots inherit it. */
export interface MonitorMarks {
  /** `truenas-monitor:quarantined` = `<dataset path>;<instant>;<plan id>`. */
  readonly quarantined: string | null;
  /** `truenas-monitor:ignore` = `<dataset path>;<rules>[;<until>[;<reason>]]`. */
  readonly ignore: string | null;
}

/** A snapshot as the cheap listing gives it, and its details where it was looked up on its own. */
export interface ZfsSnapshot extends OnSystem {
  /** `dataset@name`. */
  readonly id: string;
  readonly dataset: string;
  readonly name: string;
  readonly details: ZfsSnapshotDetails | null;
}

export interface ZfsSnapshotDetails {
  readonly createdAt: Date | null;
  readonly createtxg: string | null;
  readonly used: Size | null;
  readonly referenced: Size | null;
  /** Tags of holds; null where this version does not tell. */
  readonly holds: readonly string[] | null;
  /** It goes once its last clone or hold does; null where this version does not tell. */
  readonly deferDestroy: boolean | null;
  readonly properties: DriverProperties;
}

export interface NfsShare extends OnSystem {
  readonly id: number;
  readonly path: string;
  readonly comment: string;
  readonly enabled: boolean;
  readonly locked: boolean;
  readonly readonly: boolean;
  /** Networks (CIDR) and hosts that may mount it; none for everybody. */
  readonly networks: readonly string[];
  readonly hosts: readonly string[];
}

export interface SmbShare extends OnSystem {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly comment: string;
  readonly enabled: boolean;
  readonly locked: boolean;
  readonly readonly: boolean;
  /** What else it is set to, by the names of its version, as JSON: who may see it, and how it behaves. */
  readonly settings: string;
}

export interface IscsiTarget extends OnSystem {
  readonly id: number;
  readonly name: string;
  readonly alias: string | null;
  /** Groups of portal and initiators that may reach it: without one, nobody can. */
  readonly groups: readonly TargetGroup[];
}

/** Through which portal who may reach a target, by database ids. */
export interface TargetGroup {
  readonly portal: number | null;
  readonly initiator: number | null;
  /** Tag of the credentials, which several have in common. */
  readonly auth: number | null;
  /** `NONE`, `CHAP`, `CHAP_MUTUAL`. */
  readonly authMethod: string | null;
}

export interface IscsiInitiator extends OnSystem {
  readonly id: number;
  readonly comment: string;
  /** IQNs that may connect; none for everybody. */
  readonly initiators: readonly string[];
}

export interface IscsiExtent extends OnSystem {
  readonly id: number;
  readonly name: string;
  readonly type: 'DISK' | 'FILE';
  /** As TrueNAS writes it: `zvol/<dataset>` with `+` for a space, or a file path. */
  readonly path: string;
  readonly comment: string;
  readonly enabled: boolean;
  readonly locked: boolean;
}

export interface IscsiTargetExtent extends OnSystem {
  readonly id: number;
  readonly target: number;
  readonly extent: number;
  readonly lun: number;
}

export interface IscsiSession extends OnSystem {
  readonly initiator: string;
  /** Full IQN of the target. */
  readonly target: string;
}

export interface NvmetNamespace extends OnSystem {
  readonly id: number;
  readonly type: 'ZVOL' | 'FILE';
  readonly devicePath: string;
  /** Name of the subsystem. */
  readonly subsystem: string;
  readonly subsystemId: number;
  readonly enabled: boolean;
  readonly locked: boolean;
}

export interface NvmetSubsystem extends OnSystem {
  readonly id: number;
  readonly name: string;
  /** Null where TrueNAS makes it up from its base name. */
  readonly nqn: string | null;
  /** Ids of its ports and hosts. */
  readonly ports: readonly number[];
  readonly hosts: readonly number[];
  /** Whether hosts that nobody named reach it too; null where it is not said. */
  readonly anyHost: boolean | null;
}

export interface NvmetSession extends OnSystem {
  readonly subsystemId: number;
  /** NQN of the host that is connected. */
  readonly host: string;
}
