import { type Severity } from './finding.ts';
import { type ResourceType } from './resource-ref.ts';
import { type LabelSelector } from './selector.ts';
import { type Millis } from './units.ts';

/** Chooses what is reported, and never what is read as proof. Null means "all". */
export interface FindingFilter {
  /** A finding belongs to the namespace of its subject, or of the claim it refers to. */
  readonly namespaces: readonly string[] | null;
  readonly selector: LabelSelector | null;
  readonly types: readonly ResourceType[] | null;
  readonly olderThan: Millis | null;
  readonly minSeverity: Severity | null;
}

export const NO_FILTER: FindingFilter = {
  namespaces: null,
  selector: null,
  types: null,
  olderThan: null,
  minSeverity: null,
};

/** Whether a filter may keep anything back. */
export function isFiltered(filter: FindingFilter): boolean {
  return Object.keys(NO_FILTER).some((key) => filter[key as keyof FindingFilter] !== null);
}

/** An entry of `ignore:` in the configuration: findings it matches stay visible as suppressed. */
export interface IgnoreEntry {
  /** Rule id or glob; null for every rule. */
  readonly rule: string | null;
  /** Subject name or glob; null for every name. */
  readonly name: string | null;
  readonly namespace: string | null;
  readonly selector: LabelSelector | null;
  readonly reason: string;
  /** Findings are reported again from this instant on; null for never. */
  readonly until: Date | null;
}

/** Chooses which volumes, classes and pools an analysis shows, and never what is read. Null means "all". */
export interface AnalysisFilter {
  /** Of the claim of a volume. */
  readonly namespaces: readonly string[] | null;
  readonly pools: readonly string[] | null;
  readonly storageClasses: readonly string[] | null;
}

export const SHOW_ALL: AnalysisFilter = { namespaces: null, pools: null, storageClasses: null };
