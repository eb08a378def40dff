import {
  type ClassSeries,
  type Estate,
  type FindingSpell,
  type HistoryRecord,
  type HistoryStatus,
  type ImportOutcome,
  type PoolSeries,
  type PruneOutcome,
  type ScanSample,
  type VolumeSeries,
} from '../core/model/history.ts';

/** What became of a sample. */
export type Recorded =
  | { readonly state: 'kept' }
  /** The store could not take it; the reason is one line for people. Nothing that was kept before is lost. */
  | { readonly state: 'not-kept'; readonly reason: string };

/** What the store holds, from `since` on. */
export interface HistoryReader extends Disposable {
  pools(estate: Estate, since: Date): readonly PoolSeries[];
  classes(estate: Estate, since: Date): readonly ClassSeries[];
  /** One volume after the other, so that ten thousand of them are never in memory at once. */
  volumes(estate: Estate, since: Date): Iterable<VolumeSeries>;
  /** Findings of just this estate that were open at `since` or later. */
  findings(estate: Estate, since: Date): readonly FindingSpell[];
  /** When the last report of this estate before `before` was made; null where there was none. */
  lastReport(estate: Estate, before: Date): Date | null;
}

/**
 * Past scans, kept on this machine. No call throws for a store that fails: recording says so, and opening gives undefined
 * with one warning in the log.
 */
export interface HistoryStore {
  record(sample: ScanSample): Promise<Recorded>;
  /** Remembers that a report was made, for the next one to tell what changed. */
  recordReport(estate: Estate, at: Date): Promise<Recorded>;
  /** Undefined where there is no history yet, or it cannot be read. */
  open(): Promise<HistoryReader | undefined>;
}

/** What the `history` commands do. These throw a `MonitorError` where the store cannot be used. */
export interface HistoryMaintenance {
  status(): Promise<HistoryStatus>;
  /** Every record, oldest first within its kind; nothing where there is no store. */
  export(): AsyncIterable<HistoryRecord>;
  /** Adds what is not there yet, all of it or nothing. */
  import(records: AsyncIterable<HistoryRecord>): Promise<ImportOutcome>;
  /** Removes what is older, and gives the space back. Down-sampling by age is done by the way. */
  prune(before: Date): Promise<PruneOutcome>;
}
