import { type ClusterChange, type NasChange } from '../core/cleanup/change.ts';
import {
  type ClusterTarget,
  type Identity,
  type NasTarget,
  type Observed,
} from '../core/cleanup/expectation.ts';

/**
 * What became of a change that was sent once; nothing here is ever sent twice.
 * `answered` the server says that it is done, which is not yet believed · `refused` it says that it is not ·
 * `not-sent` nothing has left this machine · `no-answer` it was sent, and nobody knows.
 */
export type Sent =
  | { readonly state: 'answered'; readonly created: Identity | null }
  | { readonly state: 'refused' | 'not-sent' | 'no-answer'; readonly reason: string };

/** What changes one TrueNAS system. Only `app/cleanup/gate.ts` calls `send`. */
export interface NasWriter {
  readonly name: string;
  /** Every object the target names, read at this moment. Throws a `MonitorError` where it cannot be told. */
  observe(target: NasTarget, signal: AbortSignal): Promise<readonly Observed[]>;
  /** Sends a change, once. Only an abort of `signal` before it has left throws. */
  send(change: NasChange, signal: AbortSignal): Promise<Sent>;
  /** What this version or this user lacks for the changes, a line each, with the role that would do. */
  lacking(changes: readonly NasChange[], signal: AbortSignal): Promise<readonly string[]>;
}

/** By what Kubernetes refuses a change of an object that is no longer the one that was looked at. */
export interface ResourceGuard {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What changes one cluster. Only `app/cleanup/gate.ts` calls `send`. */
export interface ClusterWriter {
  readonly name: string;
  observe(target: ClusterTarget, signal: AbortSignal): Promise<readonly Observed[]>;
  /** Asks the server whether it would do it (`dryRun=All`): why not, in one line, or undefined. */
  rehearse(
    change: ClusterChange,
    guard: ResourceGuard | null,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** @param guard null for what is created */
  send(change: ClusterChange, guard: ResourceGuard | null, signal: AbortSignal): Promise<Sent>;
  lacking(changes: readonly ClusterChange[], signal: AbortSignal): Promise<readonly string[]>;
}

/** The writers of everything that is registered. */
export interface Writers {
  readonly systems: readonly NasWriter[];
  readonly clusters: readonly ClusterWriter[];
}
