import { type Connection } from '../core/model/connection.ts';
import { type Listing } from '../core/model/coverage.ts';
import {
  type ClusterIdentity,
  type ClusterLists,
  type ClusterSource,
} from '../core/model/inventory.ts';

/** One Kubernetes cluster, read only. */
export interface ClusterReader {
  /** Name in our configuration. */
  readonly name: string;

  /**
   * Who the cluster is. Throws a `MonitorError` where it cannot be reached or refuses the credentials;
   * what merely may not be read is null.
   */
  identify(signal: AbortSignal): Promise<ClusterIdentity>;

  /**
   * Reads one list whole. An expected failure is not thrown: it becomes the listing's coverage,
   * whose reason is one line for people. Only an abort of `signal` throws.
   */
  list<S extends ClusterSource>(source: S, signal: AbortSignal): Promise<Listing<ClusterLists[S]>>;

  /**
   * How the cluster was reached so far, and that it was lost where the last exchange found nobody. Why it could not be reached at
   * all is for whoever met that failure to add.
   */
  connection(): Connection;

  close(): Promise<void>;
}
