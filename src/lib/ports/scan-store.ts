import { type Inventory, type ListSource } from '../core/model/inventory.ts';
import { type SourceStatus } from '../core/model/report.ts';

/** A scan as it was kept: what was seen, and which findings the second read had confirmed. */
export interface StoredScan {
  readonly inventory: Inventory;
  readonly confirmed: ReadonlySet<string>;
  /** How much of each source its two reads saw, the lesser of both. */
  readonly sources: readonly SourceStatus[];
}

/** The last scan, kept on this machine. Neither call throws: a store that fails is a store that is not there. */
export interface ScanCache {
  /**
   * @param key fingerprint of the clusters and systems a scan reads
   * @param only lists that are wanted; the others come back empty
   */
  load(key: string, only?: ReadonlySet<ListSource>): Promise<StoredScan | undefined>;
  save(key: string, scan: StoredScan): Promise<void>;
}

/** When objects that carry no creation time were first seen, by home and subject key. */
export interface FirstSeenStore {
  load(): Promise<ReadonlyMap<string, Date>>;
  /** Keeps exactly these: what is no longer seen loses its date. */
  save(seen: ReadonlyMap<string, Date>): Promise<void>;
}
