import { type Finding } from '../model/finding.ts';
import { type Report } from '../model/report.ts';
import { type Rule } from '../model/rule.ts';
import { isWhole } from '../report/build-report.ts';

/** What has to be known of an earlier finding to say what became of it. */
export interface EarlierFinding {
  readonly id: string;
  readonly rule: string;
  /** Uid of the cluster or host id of the system it was found on. */
  readonly scope: string;
}

/** What became of findings from one report to the next. */
export interface Comparison<Earlier> {
  readonly opened: readonly Finding[];
  readonly fixed: readonly Earlier[];
  readonly unchanged: readonly Finding[];
  /** They are not found any more, and nobody could look whether they are gone. */
  readonly unknown: readonly Earlier[];
}

/** Compares by the id, which survives renames. A finding that somebody has since suppressed is neither fixed nor unknown. */
export function compareWithEarlier<Earlier extends EarlierFinding>(
  earlier: readonly Earlier[],
  report: Report,
  rules: readonly Pick<Rule, 'id' | 'scope'>[],
): Comparison<Earlier> {
  const { findings, suppressed } = report;
  const before = new Set(earlier.map(({ id }) => id));
  const still = new Set([...findings, ...suppressed.map(({ finding }) => finding)].map(idOf));
  const missing = earlier.filter(({ id }) => !still.has(id));
  const judged = judgedIn(report, rules);
  return {
    opened: findings.filter(({ id }) => !before.has(id)),
    fixed: missing.filter(judged),
    unchanged: findings.filter(({ id }) => before.has(id)),
    unknown: missing.filter((finding) => !judged(finding)),
  };
}

function idOf({ id }: Finding): string {
  return id;
}

/** Whether a report would hold a finding of a rule in a place, if it were still there. */
export function judgedIn(
  report: Pick<Report, 'filteredOut' | 'clusters' | 'systems' | 'skipped'>,
  rules: readonly Pick<Rule, 'id' | 'scope'>[],
): (finding: Omit<EarlierFinding, 'id'>) => boolean {
  // What a filter left out might be any of them.
  if (report.filteredOut > 0) return () => false;
  const judged = new Set<string>();
  const names = { cluster: report.clusters, system: report.systems };
  for (const { id, scope } of rules) {
    for (const member of names[scope]) judged.add(`${id} ${scope} ${member.name}`);
  }
  for (const { rule, cluster, system, because } of report.skipped) {
    // What cannot exist in a place is not there either.
    if (because.every(isWhole)) continue;
    judged.delete(
      cluster === null ? `${rule} system ${system ?? ''}` : `${rule} cluster ${cluster}`,
    );
  }
  const places = placesIn(report);
  return ({ rule, scope }) => judged.has(`${rule} ${places.get(scope) ?? ''}`);
}

/** What each cluster and system is called now, by the identity that survives renames. */
function placesIn({
  clusters,
  systems,
}: Pick<Report, 'clusters' | 'systems'>): ReadonlyMap<string, string> {
  return new Map([
    ...clusters.map(({ name, uid }) => [uid ?? `cluster ${name}`, `cluster ${name}`] as const),
    ...systems.map(({ name, hostId }) => [hostId ?? `system ${name}`, `system ${name}`] as const),
  ]);
}
