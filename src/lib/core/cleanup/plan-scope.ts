import { type FindingFilter } from '../model/filter.ts';

/** Which findings a plan is to be about. */
export interface PlanScope {
  /** Ids or globs of rules; null for all. */
  readonly rules: readonly string[] | null;
  /** Ids of findings; with any, no others are planned, and what is not safe by nature may be among them. */
  readonly findings: readonly string[];
  /** Snapshots, as `dataset@name`, that may go with a dataset that is destroyed. */
  readonly includeSnapshots: readonly string[];
  readonly filter: FindingFilter;
}
