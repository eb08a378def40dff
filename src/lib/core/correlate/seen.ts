import { type Coverage } from '../model/coverage.ts';
import { type ListSource, type SystemIdentity, type SystemSource } from '../model/inventory.ts';
import {
  type PersistentVolume,
  type VolumeSnapshotContent,
  type VolumeSource,
} from '../model/kubernetes.ts';
import { type ZfsSnapshot } from '../model/truenas.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type SnapshotLinks } from './match-snapshots.ts';
import { type VolumeLinks } from './match-volumes.ts';
import { type ParentIndex } from './parents.ts';
import { type StorageState } from './storage-state.ts';

/**
 * A list that came back without an error, and empty where the other side says that it cannot be: a key that
 * may not see datasets answers like that, and so does the wrong cluster. Such a list proves nothing.
 */
export interface Surprise {
  readonly source: ListSource;
  /** Cluster or system the list came from. */
  readonly member: string;
  readonly coverage: Coverage;
}

export interface Seen {
  readonly volumes: readonly PersistentVolume[];
  readonly contents: readonly VolumeSnapshotContent[];
  readonly snapshots: readonly ZfsSnapshot[];
  /** Volumes written into pods, and into what makes pods. */
  readonly inline: () => readonly VolumeSource[];
  /** Systems that list targets and extents, and not one mapping between them; with the keys of their targets. */
  readonly unmapped: ReadonlyMap<string, ReadonlySet<string>>;
  /** Systems whose list of this name was read, and holds nothing. */
  readonly emptyLists: (source: SystemSource) => readonly string[];
  /** Systems whose datasets could not be read whole. */
  readonly unreadDatasets: ReadonlySet<string>;
  /** Lengths of the snapshot lists that were read, by system. */
  readonly snapshotCounts: ReadonlyMap<string, number>;
  /** Names of all clusters. */
  readonly clusters: readonly string[];
  readonly systems: readonly SystemIdentity[];
  readonly index: DatasetIndex;
  readonly parents: ParentIndex;
  readonly storage: StorageState;
  readonly volumeLinks: VolumeLinks;
  readonly snapshotLinks: SnapshotLinks;
}
