import { type Installation } from '../correlate/installations.ts';
import { type ClaimUse } from '../correlate/claim-use.ts';
import { type MarkIndex } from '../correlate/marks.ts';
import { type ExportIndex } from '../correlate/match-shares.ts';
import { type ParentIndex } from '../correlate/parents.ts';
import { type ReplicationIndex } from '../correlate/replications.ts';
import { type SnapshotLinks } from '../correlate/match-snapshots.ts';
import { type StorageState } from '../correlate/storage-state.ts';
import { type VolumeLinks } from '../correlate/match-volumes.ts';
import { type Connection } from './connection.ts';
import {
  type ClusterIdentity,
  type ClusterLists,
  type SystemIdentity,
  type SystemLists,
} from './inventory.ts';
import { type Settings } from './settings.ts';

/** The lists of an inventory, by the name a rule requires them under. */
type ListTypes = {
  readonly [S in keyof ClusterLists]: readonly ClusterLists[S][];
} & { readonly [S in keyof SystemLists]: readonly SystemLists[S][] };

/** What correlation derives from the lists. */
export interface DerivedTypes {
  /** Which dataset stands behind a PersistentVolume, and who uses a dataset. */
  readonly volumeLinks: VolumeLinks;
  /** Which ZFS snapshot stands behind a snapshot content, and the reverse. */
  readonly snapshotLinks: SnapshotLinks;
  /** Shares, extents and targets by the dataset they export. */
  readonly exports: ExportIndex;
  /** Datasets under which drivers make volumes, and how sure that is. */
  readonly parents: ParentIndex;
  /** Pools and locked datasets, and what they hide. */
  readonly storage: StorageState;
  /** Who uses a claim, or would: pods, and what makes pods. */
  readonly claimUse: ClaimUse;
  /** What this tool or its user wrote on datasets: quarantine, and what to ignore. */
  readonly marks: MarkIndex;
  /** Replication tasks of all systems: each speaks of another as well. */
  readonly replications: ReplicationIndex;
  /** Registered clusters and systems; always complete. */
  readonly clusters: readonly ClusterIdentity[];
  readonly systems: readonly SystemIdentity[];
  /** How each cluster and system was reached, or why it was not; always complete. */
  readonly connections: readonly Connection[];
  /** What the configuration says; always complete. */
  readonly settings: Settings;
  /** CSI drivers of the TrueNAS kind, and what was seen of each. */
  readonly installations: readonly Installation[];
}

export interface EvidenceTypes extends ListTypes, DerivedTypes {}

export type DerivedSource = keyof DerivedTypes;
export type EvidenceSource = keyof EvidenceTypes;
