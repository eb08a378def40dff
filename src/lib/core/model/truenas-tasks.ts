import { type OnSystem } from './truenas.ts';
import { type Millis } from './units.ts';

export interface SnapshotTask extends OnSystem {
  readonly id: number;
  readonly dataset: string;
  readonly recursive: boolean;
  readonly enabled: boolean;
  /** How long it keeps what it makes; null where it is not told. */
  readonly keepsFor: Millis | null;
  /** How its snapshots are called, such as `auto-%Y-%m-%d`. */
  readonly naming: string | null;
}

export interface ReplicationTask extends OnSystem {
  readonly id: number;
  readonly name: string;
  /** The sources of a pull, and the target of a push, are on another system. */
  readonly direction: 'PUSH' | 'PULL';
  /** Both sides are on this system. */
  readonly local: boolean;
  readonly sources: readonly string[];
  readonly target: string;
  readonly recursive: boolean;
  readonly enabled: boolean;
  /** Ids of the snapshot tasks whose snapshots it sends. */
  readonly snapshotTasks: readonly number[];
  /** Names of snapshots it sends beside those, such as `auto-%Y-%m-%d`, or what they begin or match with. */
  readonly alsoSends: readonly string[];
}

/** A job of TrueNAS that is waiting or running, and the datasets its arguments name. */
export interface RunningJob extends OnSystem {
  readonly id: number;
  /** `replication.run_onetime`, … */
  readonly method: string;
  readonly datasets: readonly string[];
}
