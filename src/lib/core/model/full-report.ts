import { type StorageAnalysis } from './analysis.ts';
import { type FindingSample } from './history.ts';
import { type Report } from './report.ts';
import { type Thresholds } from './settings.ts';
import { type ValidationSummary } from './validation.ts';

/** Everything one scan says of an estate, and what was different before. */
export interface FullReport {
  /** Orphans and drift. */
  readonly report: Report;
  readonly analysis: StorageAnalysis;
  readonly validation: ValidationSummary;
  readonly health: ValidationSummary;
  /** Since the last report of this estate; null where there was none, or nothing is remembered. */
  readonly changes: ReportChanges | null;
  /** With the report that was asked to be compared with; null for none. */
  readonly comparison: ReportComparison | null;
  /** The limits it was judged by. */
  readonly thresholds: Thresholds;
}

/** A finding where no more is known of it than history or an old report keep. Its scope is a name where nothing better was known. */
export type FindingMention = Omit<FindingSample, 'suppressed'>;

/** What came and went since the last report, as history remembers it. */
export interface ReportChanges {
  /** Instant of the scan the last report was made from. */
  readonly since: Date;
  /** Worst first, as everything below. */
  readonly opened: readonly FindingMention[];
  readonly fixed: readonly FindingMention[];
  /** Not found any more, and nobody could look whether they are gone. */
  readonly unknown: readonly FindingMention[];
  /** Findings that came and went in between. */
  readonly passing: number;
}

/** An earlier report, as far as it can be compared with. */
export interface PreviousReport {
  readonly takenAt: Date;
  /** Everything that was asked for was read. */
  readonly complete: boolean;
  readonly clusters: readonly PreviousMember[];
  readonly systems: readonly PreviousMember[];
  readonly findings: readonly FindingMention[];
}

export interface PreviousMember {
  /** As the configuration called it then. */
  readonly name: string;
  /** Uid of the cluster or host id of the system; null where it was not known. */
  readonly id: string | null;
}

export interface ReportComparison {
  /** Instant of the scan that is compared with. */
  readonly since: Date;
  readonly opened: readonly FindingMention[];
  readonly fixed: readonly FindingMention[];
  readonly unchanged: readonly FindingMention[];
  /** Not found any more, and nobody could look whether they are gone. */
  readonly unknown: readonly FindingMention[];
  /** Somebody has said since to leave them alone. */
  readonly suppressed: readonly FindingMention[];
  /** In what the two reports differ beside their findings, one line each. */
  readonly remarks: readonly string[];
}
