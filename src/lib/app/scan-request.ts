import { type DriverConfig } from '../core/model/driver-config.ts';
import { type FindingFilter, type IgnoreEntry } from '../core/model/filter.ts';
import { type Policy } from '../core/model/policy.ts';
import { type Rule } from '../core/model/rule.ts';
import { type Millis } from '../core/model/units.ts';
import { type Clock } from '../ports/clock.ts';
import { type ClusterReader } from '../ports/cluster.ts';
import { type HistoryStore } from '../ports/history.ts';
import { type Logger } from '../ports/logger.ts';
import { type Memory } from '../ports/memory.ts';
import { type MovedDatasets } from '../ports/moved-datasets.ts';
import { type NasReader } from '../ports/nas.ts';
import { type Progress } from '../ports/progress.ts';
import { type FirstSeenStore, type ScanCache } from '../ports/scan-store.ts';

/** The outside world as a scan needs it. */
export interface ScanPorts {
  readonly clusters: readonly ClusterReader[];
  readonly systems: readonly NasReader[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly progress: Progress;
  readonly cache: ScanCache;
  readonly firstSeen: FirstSeenStore;
  readonly movedDatasets: MovedDatasets;
  readonly history: HistoryStore;
  readonly memory: Memory;
}

/** What to judge, by which limits, and what of it to report. */
export interface ScanRequest {
  readonly rules: readonly Rule[];
  readonly drivers: readonly DriverConfig[];
  readonly policy: Policy;
  readonly filter: FindingFilter;
  readonly ignore: readonly IgnoreEntry[];
  /** Whether the clusters and systems that are read are those of the configuration, and no flag leads elsewhere. */
  readonly wholeEstate: boolean;
  /** A kept inventory up to this age is used instead of reading both sides; zero for never. */
  readonly maxAge: Millis;
  /** Fingerprint of the clusters and systems that are read; names the kept inventory. */
  readonly cacheKey: string;
  /** How many clusters and systems are read at the same time; all where nothing is said. */
  readonly maxConcurrent?: number | undefined;
  readonly signal: AbortSignal;
}
