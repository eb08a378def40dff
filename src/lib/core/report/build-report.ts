import { combineCoverage } from '../model/coverage.ts';
import { type DerivedTypes } from '../model/evidence.ts';
import { compareFindings, type Finding } from '../model/finding.ts';
import { isFiltered, type FindingFilter, type IgnoreEntry } from '../model/filter.ts';
import { type Inventory } from '../model/inventory.ts';
import {
  type Report,
  type SkippedRule,
  type SourceStatus,
  type SystemStatus,
} from '../model/report.ts';
import { type Millis } from '../model/units.ts';
import { type RuleOutcome, type Suspect } from '../rules/evaluate.ts';
import { CHECKS } from '../rules/check-registry.ts';
import { RULES } from '../rules/registry.ts';
import { reclaimableBytes } from './reclaimable.ts';
import { passesFilter } from './select-findings.ts';
import { summarise } from './summarise.ts';
import { suppress } from './suppress.ts';
import { unmatchedNamespaces } from './unmatched-namespaces.ts';

export interface ReportParts {
  readonly inventory: Inventory;
  /** What is written on datasets, and what rests on them. */
  readonly derived: Pick<DerivedTypes, 'marks' | 'volumeLinks' | 'snapshotLinks'>;
  /** The earliest clock of the scan: suppressions end by it. */
  readonly now: Date;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly RuleOutcome<Suspect>[];
  readonly sources: readonly SourceStatus[];
  readonly filter: FindingFilter;
  readonly ignore: readonly IgnoreEntry[];
  /** Everything in the configuration was read, and no flag led elsewhere: what `ignore:` does not match is not there. */
  readonly wholeEstate: boolean;
  readonly duration: Millis;
  readonly cachedFor: Millis | null;
}

function skippedRules(outcomes: readonly RuleOutcome<Suspect>[]): SkippedRule[] {
  return outcomes.flatMap((outcome) =>
    outcome.state === 'ran'
      ? []
      : [
          {
            rule: outcome.rule.id,
            cluster: outcome.member.scope === 'cluster' ? outcome.member.name : null,
            system: outcome.member.scope === 'system' ? outcome.member.name : null,
            because: outcome.because,
          },
        ],
  );
}

/** Whether nothing is missing that could be there. */
export function isWhole({ coverage }: SourceStatus): boolean {
  return coverage.state === 'complete' || coverage.state === 'not_applicable';
}

/** The statuses of two reads of one scan: what was missing in either was missing. */
export function mergeStatuses(
  first: readonly SourceStatus[],
  second: readonly SourceStatus[],
): SourceStatus[] {
  const key = ({ name, cluster, system, coverage }: SourceStatus): string =>
    // Several pools of one system may each have their own trouble.
    [
      name,
      cluster,
      system,
      name === 'poolAvailability' && coverage.state !== 'complete' ? coverage.reason : '',
    ].join(' ');
  const merged = new Map(first.map((status) => [key(status), status]));
  for (const status of second) {
    const before = merged.get(key(status));
    merged.set(key(status), {
      ...status,
      coverage: combineCoverage(
        [before?.coverage, status.coverage].filter((each) => each !== undefined),
      ),
      unreadable: [...new Set([...(before?.unreadable ?? []), ...status.unreadable])],
    });
  }
  return [...merged.values()];
}

/** Ids of the rules that said all there is to say: they ran wherever there was anything to look at, and nothing was filtered. */
function judgedRules(parts: ReportParts): ReadonlySet<string> {
  const { filter, sources, outcomes, wholeEstate } = parts;
  if (isFiltered(filter) || !wholeEstate || !sources.every(isWhole)) return new Set();
  const ids = new Set(outcomes.map(({ rule }) => rule.id));
  for (const outcome of outcomes) {
    if (outcome.state === 'skipped' && !outcome.because.every(isWhole)) ids.delete(outcome.rule.id);
  }
  return ids;
}

/** Puts together what a scan found: filtered and sorted findings, and how much they can be trusted. */
export function buildReport(parts: ReportParts): Report {
  const { inventory, sources, filter, derived } = parts;
  const passing = parts.findings.filter((finding) => passesFilter(finding, filter));
  const { reported, suppressed, warnings } = suppress(passing.toSorted(compareFindings), {
    entries: parts.ignore,
    marks: derived.marks,
    // An entry may speak of a check, which this report knows nothing of.
    rules: [...RULES, ...CHECKS],
    judged: judgedRules(parts),
    now: parts.now,
  });
  return {
    takenAt: inventory.takenAt,
    duration: parts.duration,
    cachedFor: parts.cachedFor,
    complete: sources.every(isWhole),
    sources,
    clusters: inventory.clusters.map(({ identity }) => identity),
    systems: inventory.systems.map(({ identity, lists }): SystemStatus => ({
      ...identity,
      pools: (lists.pools?.items ?? []).map(({ name }) => name),
    })),
    summary: summarise(
      reported,
      suppressed.length,
      sources,
      reclaimableBytes(reported, { inventory, derived }),
    ),
    findings: reported,
    filteredOut: parts.findings.length - passing.length,
    skipped: skippedRules(parts.outcomes),
    suppressed,
    warnings: [...unmatchedNamespaces(filter, inventory, parts.findings), ...warnings],
  };
}
