import { type Size } from './quantity.ts';
import { type Bytes } from './units.ts';

/*
 * TrueNAS objects, with the fields this project uses, in one shape for every version and transport.
 */

interface OnSystem {
  /** Name of the TrueNAS system in our configuration. */
  readonly system: string;
}

export interface Pool extends OnSystem {
  readonly name: string;
  /** `ONLINE`, `DEGRADED`, `FAULTED`, `OFFLINE`, `UNAVAIL`, `REMOVED`, … as ZFS says it. */
  readonly status: string;
  readonly size: Bytes | null;
  readonly allocated: Bytes | null;
  readonly free: Bytes | null;
}

/** What the CSI driver wrote on a dataset or snapshot, prefix removed. Values may be inherited. */
export interface DriverProperties {
  readonly csiVolumeName: string | null;
  readonly managed: boolean;
  readonly provisionSuccess: boolean;
  readonly provisionerDriver: string | null;
  readonly instanceId: string | null;
  readonly csiSnapshotName: string | null;
  readonly csiSnapshotSourceVolumeId: string | null;
  /** `csi_share_volume_context` as written: JSON text. */
  readonly shareContext: string | null;
  readonly nfsShareId: string | null;
  readonly iscsiAssetsName: string | null;
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
  readonly refquota: Size | null;
  readonly volsize: Size | null;
  /** Snapshot this dataset was cloned from, or null. */
  readonly origin: string | null;
  readonly locked: boolean;
  readonly properties: DriverProperties;
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
  readonly properties: DriverProperties;
}

export interface NfsShare extends OnSystem {
  readonly id: number;
  readonly path: string;
  readonly comment: string;
  readonly enabled: boolean;
  readonly locked: boolean;
}

export interface SmbShare extends OnSystem {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly enabled: boolean;
  readonly locked: boolean;
}

export interface IscsiTarget extends OnSystem {
  readonly id: number;
  readonly name: string;
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
  readonly devicePath: string;
  readonly subsystem: string;
  readonly enabled: boolean;
}

export interface SnapshotTask extends OnSystem {
  readonly id: number;
  readonly dataset: string;
  readonly recursive: boolean;
  readonly enabled: boolean;
}

export interface ReplicationTask extends OnSystem {
  readonly id: number;
  readonly name: string;
  readonly sources: readonly string[];
  readonly target: string;
  readonly recursive: boolean;
  readonly enabled: boolean;
}
