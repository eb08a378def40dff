import { type Coverage } from './coverage.ts';
import { type Finding, type Severity } from './finding.ts';
import { type ClusterIdentity, type SystemIdentity } from './inventory.ts';
import { type Bytes, type Millis } from './units.ts';

/** Version of the wire form; raised when a reader of the old one would misunderstand the new. */
export const SCHEMA_VERSION = 1;

/** How much of one source, on one cluster or system, a scan saw. */
export interface SourceStatus {
  readonly name: string;
  readonly cluster: string | null;
  readonly system: string | null;
  readonly coverage: Coverage;
  readonly count: number;
  /** Names of objects that were there and could not be understood. */
  readonly unreadable: readonly string[];
}

/** A rule that could not be judged somewhere, and for want of what. */
export interface SkippedRule {
  readonly rule: string;
  readonly cluster: string | null;
  readonly system: string | null;
  readonly because: readonly SourceStatus[];
}

/** Where somebody may write that a finding is to be left alone. */
export const SUPPRESSION_SOURCES = ['configuration', 'annotation', 'property'] as const;
export type SuppressionSource = (typeof SUPPRESSION_SOURCES)[number];

/** A finding that somebody said to leave alone: kept, shown as suppressed, never cleaned up. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly by: SuppressionSource;
  /** Where exactly, so that it can be changed: `ignore[0]`, or the annotation or property by its name. */
  readonly origin: string;
  readonly reason: string;
  /** It is reported again from this instant on; null for never. */
  readonly until: Date | null;
}

/** Something about the request, and not about the storage, that its author should mend. */
export interface ReportWarning {
  readonly code: WarningCode;
  readonly message: string;
}

export const WARNING_CODES = [
  'ignore-expired',
  'ignore-unmatched',
  'ignore-unknown-rule',
  'ignore-malformed-until',
  'namespace-unmatched',
  'pool-unmatched',
  'storage-class-unmatched',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

export interface Summary {
  readonly totalOrphans: number;
  /** How many of them some finding calls so for certain. */
  readonly certainOrphans: number;
  readonly orphanedPvs: number;
  readonly orphanedPvcs: number;
  readonly orphanedSnapshots: number;
  readonly orphanedTruenasObjects: number;
  /** Whatever is none of the above, such as attachments and classes. */
  readonly orphanedOthers: number;
  readonly reclaimable: Bytes;
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  /** Findings that were left alone; they count in nothing above. */
  readonly suppressed: number;
  /** Null where the list was not read. */
  readonly totalPvs: number | null;
  readonly totalPvcs: number | null;
  readonly totalSnapshots: number | null;
}

export interface SystemStatus extends SystemIdentity {
  readonly pools: readonly string[];
}

/** What every result of a scan says of the scan itself. */
export interface ScanFacts {
  readonly takenAt: Date;
  readonly duration: Millis;
  /** Age of the inventory where it came from the cache; null after a fresh scan. */
  readonly cachedFor: Millis | null;
  /** Everything that was asked for was read. */
  readonly complete: boolean;
  readonly sources: readonly SourceStatus[];
  readonly clusters: readonly ClusterIdentity[];
  readonly systems: readonly SystemStatus[];
}

/** The result of one scan, from which everything else reads. */
export interface Report extends ScanFacts {
  readonly summary: Summary;
  readonly findings: readonly Finding[];
  /** How many findings the filter left out. */
  readonly filteredOut: number;
  readonly skipped: readonly SkippedRule[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly warnings: readonly ReportWarning[];
}
