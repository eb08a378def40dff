import { type ScanFacts, type SuppressedFinding } from './report.ts';
import { type Connection } from './connection.ts';
import { type Severity } from './finding.ts';
import { type ResourceRef } from './resource-ref.ts';

/** What a check belongs to, in the order in which it is shown. */
export const COMPONENTS = [
  'connection',
  'permissions',
  'configuration',
  'versions',
  'driver',
  'node',
  'storage-class',
  'snapshot',
  'pool',
  'dataset',
  'service',
  'sharing',
  'iscsi',
  'nvmeof',
  'capacity',
  'retention',
  'replication',
  'alert',
  'volume',
] as const;
export type Component = (typeof COMPONENTS)[number];

export const CHECK_STATUSES = ['FAIL', 'WARNING', 'SKIPPED', 'PASS'] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** What one check says of one object, or why it says nothing. */
export interface CheckOutcome {
  /** 16 hex digits, the same in every run; see `fingerprint`. */
  readonly id: string;
  /** Id of the rule. */
  readonly check: string;
  /** What holds where it passes. */
  readonly title: string;
  readonly component: Component;
  /** FAIL from `high` up, else WARNING. */
  readonly status: CheckStatus;
  readonly severity: Severity;
  /** Null where a whole cluster or system could not be checked. */
  readonly subject: ResourceRef | null;
  readonly cluster: string | null;
  readonly system: string | null;
  /** What was seen; of a skipped one, what was missing and why. */
  readonly message: string;
  /** Each an imperative sentence; none where nothing is to be done. */
  readonly steps: readonly string[];
  /** It was skipped because what it looks at cannot exist there: nothing is missing. */
  readonly notApplicable: boolean;
}

export type OverallStatus = 'PASS' | 'WARNING' | 'FAIL' | 'UNKNOWN';

/** The result of `validate` and of `health`. */
export interface ValidationSummary extends ScanFacts {
  /** The files that were read where nothing was connected to; null where something was. */
  readonly files: readonly string[] | null;
  readonly connections: readonly Connection[];
  /** FAIL, else WARNING, else UNKNOWN where anything was skipped that could be there or nothing was looked at, else PASS. */
  readonly overall: OverallStatus;
  /** By component, worst first, then by check and object. */
  readonly results: readonly CheckOutcome[];
  /** Failures somebody said to leave alone: they count as nothing. */
  readonly suppressed: readonly SuppressedFinding[];
  /** How many outcomes the filter left out. */
  readonly filteredOut: number;
}
