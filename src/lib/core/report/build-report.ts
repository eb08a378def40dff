import { combineCoverage } from '../model/coverage.ts';
import { compareFindings, type Finding } from '../model/finding.ts';
import { type FindingFilter, type IgnoreEntry } from '../model/filter.ts';
import { type Inventory } from '../model/inventory.ts';
import {
  type Report,
  type SkippedRule,
  type SourceStatus,
  type SystemStatus,
} from '../model/report.ts';
import { type Millis } from '../model/units.ts';
import { type RuleOutcome } from '../rules/evaluate.ts';
import { passesFilter, suppress } from './select-findings.ts';
import { summarise } from './summarise.ts';

export interface ReportParts {
  readonly inventory: Inventory;
  /** The earliest clock of the scan: suppressions end by it. */
  readonly now: Date;
  readonly findings: readonly Finding[];
  readonly outcomes: readonly RuleOutcome[];
  readonly sources: readonly SourceStatus[];
  readonly filter: FindingFilter;
  readonly ignore: readonly IgnoreEntry[];
  readonly duration: Millis;
  readonly cachedFor: Millis | null;
}

function skippedRules(outcomes: readonly RuleOutcome[]): SkippedRule[] {
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
    });
  }
  return [...merged.values()];
}

/** Puts together what a scan found: filtered and sorted findings, and how much they can be trusted. */
export function buildReport(parts: ReportParts): Report {
  const { inventory, sources, filter } = parts;
  const passing = parts.findings.filter((finding) => passesFilter(finding, filter));
  const { reported, suppressed } = suppress(
    passing.toSorted(compareFindings),
    parts.ignore,
    parts.now,
  );
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
    summary: summarise(reported, sources),
    findings: reported,
    filteredOut: parts.findings.length - passing.length,
    skipped: skippedRules(parts.outcomes),
    suppressed,
  };
}
