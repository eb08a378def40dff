import { type Connection } from '../core/model/connection.ts';
import { type Coverage, type Listing } from '../core/model/coverage.ts';
import {
  type SystemIdentity,
  type SystemLists,
  type SystemSource,
} from '../core/model/inventory.ts';
import { type Dataset, type ZfsSnapshot } from '../core/model/truenas.ts';

/** Answer of a second look at objects by id. An id in neither `found` nor `absent` could not be looked up. */
export interface LookupResult<T> {
  readonly found: ReadonlyMap<string, T>;
  /** Ids of which the system itself said that they do not exist. */
  readonly absent: ReadonlySet<string>;
  /** `complete` where every id was answered. */
  readonly coverage: Coverage;
}

/** One TrueNAS system, read only. */
export interface NasReader {
  /** Name in our configuration. */
  readonly name: string;

  /** Connects, logs in, and says who the system is. Throws a `MonitorError` where it cannot. */
  identify(signal: AbortSignal): Promise<SystemIdentity>;

  /** Reads one list whole; an expected failure becomes the listing's coverage. Only an abort throws. */
  list<S extends SystemSource>(source: S, signal: AbortSignal): Promise<Listing<SystemLists[S]>>;

  /** Looks datasets up again, one by one, or by one fresh listing per parent where they are many. */
  lookUpDatasets(ids: readonly string[], signal: AbortSignal): Promise<LookupResult<Dataset>>;

  /** Looks snapshots up again, with their details. */
  lookUpSnapshots(ids: readonly string[], signal: AbortSignal): Promise<LookupResult<ZfsSnapshot>>;

  /**
   * How the system has been reached so far, and that it was lost where the last exchange found nobody. Why it could not be reached
   * at all is for whoever met that failure to say.
   */
  connection(): Connection;

  close(): Promise<void>;
}
