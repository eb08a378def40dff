import { UsageError } from '../model/errors.ts';
import { type FindingFilter } from '../model/filter.ts';
import { type ReportWarning, type SkippedRule, type Summary } from '../model/report.ts';
import { reclaimedBy } from '../report/reclaimable.ts';
import { namespaceOf, passesFilter } from '../report/select-findings.ts';
import { summarise } from '../report/summarise.ts';
import { namespacesAmiss } from '../report/unmatched-namespaces.ts';
import { selectRules } from '../rules/registry.ts';
import { type ServedFinding, type ServedScan } from './served-scan.ts';

/** Which findings somebody asks for, and may see. */
export interface FindingQuery {
  readonly filter: FindingFilter;
  /** Ids, former ids, or globs; null for all. */
  readonly rules: readonly string[] | null;
  /** Namespaces the caller is limited to; null where it is limited to none. */
  readonly allowed: ReadonlySet<string> | null;
}

/** What of a scan answers a query, with numbers that fit it. */
export interface FilteredReport {
  /** Indexes of the findings, in the order in which they are shown. */
  readonly findings: readonly number[];
  /** Of those that were left alone. */
  readonly suppressed: readonly number[];
  /** How many the caller may see, and did not ask for; of either kind. */
  readonly filteredOut: number;
  readonly summary: Summary;
  readonly skipped: readonly SkippedRule[];
  readonly warnings: readonly ReportWarning[];
}

/** Of those that may be seen. */
interface Chosen {
  readonly indexes: readonly number[];
  readonly left: number;
}

function choose(
  keys: readonly ServedFinding[],
  rules: ReadonlySet<string>,
  { filter, allowed }: FindingQuery,
): Chosen {
  const indexes: number[] = [];
  let left = 0;
  for (const [index, finding] of keys.entries()) {
    if (!rules.has(finding.rule) || !maySee(allowed, namespaceOf(finding))) continue;
    if (passesFilter(finding, filter)) indexes.push(index);
    else left += 1;
  }
  return { indexes, left };
}

/** Who is limited to namespaces sees nothing that lies in none. */
export function maySee(allowed: ReadonlySet<string> | null, namespace: string | null): boolean {
  return allowed === null || (namespace !== null && allowed.has(namespace));
}

function rulesFor({ rules: globs, filter }: FindingQuery): ReadonlySet<string> {
  const rules = selectRules({ categories: null, globs, types: filter.types });
  if (rules.length > 0) return new Set(rules.map(({ id }) => id));
  throw new UsageError('no rule is left to judge by', {
    remediation: ['No rule has what rule and type ask for together: leave one of them out.'],
  });
}

/** What is said of everything is not for those who may see a part of it. */
function withoutTotals(summary: Summary): Summary {
  return { ...summary, totalPvs: null, totalPvcs: null, totalSnapshots: null };
}

function warningsFor(
  { filter: { namespaces }, allowed }: FindingQuery,
  { report, namespaces: seen }: Pick<ServedScan, 'report' | 'namespaces'>,
): readonly ReportWarning[] {
  const visible = new Set(seen.filter((name) => maySee(allowed, name)));
  return [
    ...namespacesAmiss(namespaces ?? [], visible, 'namespace'),
    // These speak of the configuration, and of objects wherever they lie.
    ...(allowed === null ? report.warnings : []),
  ];
}

/**
 * The findings of a scan that a query asks for, and the summary that a scan by the same flags would print; but its totals are
 * those of what was read here, whatever the rules. Throws a `UsageError` where it asks for a rule that is none.
 */
export function filteredReport(
  scan: Pick<ServedScan, 'report' | 'findings' | 'suppressed' | 'shared' | 'namespaces'>,
  query: FindingQuery,
): FilteredReport {
  const { report, findings, suppressed, shared } = scan;
  const rules = rulesFor(query);
  const found = choose(findings.keys, rules, query);
  const silenced = choose(suppressed.keys, rules, query);
  const chosen = found.indexes.flatMap((index) => findings.keys[index] ?? []);
  const summary = summarise(
    chosen,
    silenced.indexes.length,
    report.sources,
    reclaimedBy(chosen, shared),
  );
  return {
    findings: found.indexes,
    suppressed: silenced.indexes,
    filteredOut: found.left + silenced.left,
    summary: query.allowed === null ? summary : withoutTotals(summary),
    skipped: report.skipped.filter(({ rule }) => rules.has(rule)),
    warnings: warningsFor(query, scan),
  };
}
