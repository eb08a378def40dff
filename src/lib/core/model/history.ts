import { type Category, type Severity } from './finding.ts';
import { type Bytes } from './units.ts';

/*
 * What scans leave behind. Everything is keyed by identities that survive a renaming: uid of `kube-system`, `host_id`
 * of TrueNAS, guid of a pool. Names are kept as they were when last seen, for people.
 */

/** Space as one scan saw it. */
export interface Space {
  /** Physical bytes without snapshots: what ZFS says the live data takes. */
  readonly used: Bytes;
  /** Physical bytes that only snapshots hold. */
  readonly snapshots: Bytes;
  /** Bytes before compression, snapshots included; null where ZFS did not tell. */
  readonly logical: Bytes | null;
  /** What was promised: quota, zvol size or requested capacity. */
  readonly provisioned: Bytes;
  /** Number of snapshots; null where they were not listed. */
  readonly snapshotCount: number | null;
}

/** Space at one instant, as history gives it back. */
export interface SpacePoint extends Space {
  readonly at: Date;
}

/** The space of a pool: usable bytes, so without parity. */
export interface PoolSpacePoint extends SpacePoint {
  /** `used + snapshots + available`: what can be filled at all. */
  readonly capacity: Bytes;
}

/** A pool over time. `used` and `snapshots` together are what is gone from its capacity. */
export interface PoolKey {
  readonly hostId: string;
  /** Guid of the pool; its name where this version tells none. */
  readonly pool: string;
}

export interface PoolSample extends PoolKey, Space {
  readonly name: string;
  readonly capacity: Bytes;
}

export interface ClassKey {
  readonly clusterUid: string;
  readonly storageClass: string;
}

export interface ClassSample extends ClassKey, Space {
  readonly volumes: number;
}

/** A dataset behind a PersistentVolume. One made again under the same path is another volume. */
export interface VolumeKey {
  readonly hostId: string;
  readonly dataset: string;
  /** Null where ZFS did not tell. */
  readonly createdAt: Date | null;
}

export interface VolumeSample extends VolumeKey, Space {
  /** Null where the claim's cluster could not be told, or there is none. */
  readonly clusterUid: string | null;
  readonly volume: string;
  readonly namespace: string | null;
  readonly claim: string | null;
  readonly storageClass: string | null;
}

/** A finding as history keeps it: enough to say what came and went. */
export interface FindingSample {
  /** As in the report: survives renames. */
  readonly id: string;
  readonly rule: string;
  readonly category: Category;
  readonly severity: Severity;
  /** Type and name as people write it: `dataset/tank/k8s/pvc-1`. */
  readonly subject: string;
  /** Uid of the cluster or host id of the system the rule was judged for. */
  readonly scope: string;
  readonly reclaimable: Bytes;
  /** Somebody said to leave it alone. */
  readonly suppressed: boolean;
}

/** A rule that ran on complete sources, and where: only there can a finding be over. */
export interface JudgedScope {
  readonly rule: string;
  /** Uid of the cluster, or host id of the system. */
  readonly scope: string;
}

/** What one fresh, complete, unfiltered scan leaves behind. */
export interface ScanSample {
  readonly at: Date;
  /** Uids of the clusters and host ids of the systems that were read: findings of other estates are left alone. */
  readonly clusters: readonly NamedIdentity[];
  readonly systems: readonly NamedIdentity[];
  readonly pools: readonly PoolSample[];
  readonly classes: readonly ClassSample[];
  readonly volumes: readonly VolumeSample[];
  readonly findings: readonly FindingSample[];
  readonly judged: readonly JudgedScope[];
}

export interface NamedIdentity {
  readonly id: string;
  readonly name: string;
}

export interface PoolSeries extends PoolKey {
  readonly name: string;
  /** In order, one per instant. */
  readonly points: readonly PoolSpacePoint[];
}

export interface ClassSeries extends ClassKey {
  readonly points: readonly SpacePoint[];
}

export interface VolumeSeries extends VolumeKey {
  readonly points: readonly SpacePoint[];
}

/** When a finding was there. */
export interface FindingSpell extends FindingSample {
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  /** Null while it is still there. */
  readonly closedAt: Date | null;
}

/** Which clusters and systems are looked back on: uids and host ids. */
export interface Estate {
  readonly clusters: readonly string[];
  readonly systems: readonly string[];
}

/** One entry of the store, as it is exported and imported. */
export type HistoryRecord =
  | {
      readonly kind: 'scan';
      readonly at: Date;
      readonly clusters: readonly NamedIdentity[];
      readonly systems: readonly NamedIdentity[];
    }
  | (PoolKey & { readonly kind: 'pool'; readonly name: string; readonly point: PoolSpacePoint })
  | (ClassKey & { readonly kind: 'class'; readonly volumes: number; readonly point: SpacePoint })
  | (VolumeKey &
      Omit<VolumeSample, keyof VolumeKey | keyof Space> & {
        readonly kind: 'volume';
        readonly point: SpacePoint;
      })
  | (FindingSpell & { readonly kind: 'finding'; readonly estate: Estate })
  | { readonly kind: 'report'; readonly at: Date; readonly estate: Estate };

/** What the store holds. */
export interface HistoryStatus {
  readonly path: string;
  readonly state:
    | { readonly kind: 'absent' }
    | { readonly kind: 'usable' }
    /** A newer version of this program wrote it: it is left as it is. */
    | { readonly kind: 'too-new'; readonly format: number }
    | { readonly kind: 'unreadable'; readonly reason: string };
  /** Of all its files. */
  readonly bytes: number;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  readonly scans: number;
  readonly pools: number;
  readonly classes: number;
  readonly volumes: number;
  /** Rows of usage, of all kinds. */
  readonly points: number;
  readonly openFindings: number;
  readonly closedFindings: number;
  readonly clusters: readonly NamedIdentity[];
  readonly systems: readonly NamedIdentity[];
  /** Files that could not be read and were put beside the store. */
  readonly setAside: readonly string[];
}

export interface ImportOutcome {
  readonly added: number;
  /** Already there, with the same key and instant. */
  readonly known: number;
}

export interface PruneOutcome {
  readonly removed: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}
