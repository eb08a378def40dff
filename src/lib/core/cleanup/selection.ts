import { type Finding } from '../model/finding.ts';
import { globMatcher } from '../model/glob.ts';

/** What somebody asked to be planned; everything that is safe where nothing is named. */
export interface Selection {
  /** Ids of rules, or globs over them. */
  readonly rules: readonly string[];
  /** Ids of findings. What has to be named to be planned is named so, and not by its rule. */
  readonly findings: readonly string[];
  /** Snapshots that may go with their dataset, as `dataset@name`. */
  readonly snapshots: readonly string[];
}

export const EVERYTHING: Selection = { rules: [], findings: [], snapshots: [] };

export function isNamed({ id }: Pick<Finding, 'id'>, { findings }: Selection): boolean {
  return findings.includes(id);
}

/** Tells what is asked for. */
export function selector(selection: Selection): (finding: Pick<Finding, 'id' | 'rule'>) => boolean {
  const { rules, findings } = selection;
  if (rules.length === 0 && findings.length === 0) return () => true;
  const matchers = rules.map(globMatcher);
  return (finding) =>
    isNamed(finding, selection) || matchers.some((matches) => matches(finding.rule));
}
