import { compareWithEarlier } from '../analysis/compare.ts';
import { SEVERITIES, type Finding } from '../model/finding.ts';
import {
  type FindingMention,
  type PreviousMember,
  type PreviousReport,
  type ReportChanges,
  type ReportComparison,
} from '../model/full-report.ts';
import { type FindingSpell } from '../model/history.ts';
import { type Report } from '../model/report.ts';
import { typedName } from '../model/resource-ref.ts';
import { RULES } from '../rules/registry.ts';

/** Identities of the clusters and systems of a report. */
export function membersOf({ clusters, systems }: Pick<Report, 'clusters' | 'systems'>): {
  readonly clusters: readonly PreviousMember[];
  readonly systems: readonly PreviousMember[];
} {
  return {
    clusters: clusters.map(({ name, uid }) => ({ name, id: uid })),
    systems: systems.map(({ name, hostId }) => ({ name, id: hostId })),
  };
}

/** What stands for a cluster or system where findings say whom they are about. */
export function scopeOf(
  side: 'cluster' | 'system',
  name: string,
  members: readonly PreviousMember[],
): string {
  return members.find((each) => each.name === name)?.id ?? `${side} ${name}`;
}

function mentionsOf(findings: readonly Finding[], report: Report): readonly FindingMention[] {
  const { clusters, systems } = membersOf(report);
  return findings.map(({ id, rule, category, severity, subject, reclaimable }) => ({
    id,
    rule,
    category,
    severity,
    subject: typedName(subject),
    scope:
      subject.location === 'kubernetes'
        ? scopeOf('cluster', subject.cluster, clusters)
        : scopeOf('system', subject.system, systems),
    reclaimable,
  }));
}

function compareText(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** Worst first, then by rule and object: an order that no store changes. */
function inOrder<M extends FindingMention>(mentions: readonly M[]): readonly M[] {
  return mentions.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      compareText(a.rule, b.rule) ||
      compareText(a.subject, b.subject) ||
      compareText(a.id, b.id),
  );
}

function mention({
  id,
  rule,
  category,
  severity,
  subject,
  scope,
  reclaimable,
}: FindingMention): FindingMention {
  return { id, rule, category, severity, subject, scope, reclaimable };
}

/**
 * What came and went since an instant.
 *
 * @param spells of just this estate, those that were there at the instant or later
 * @param report nothing filtered
 */
export function changesSince(
  since: Date,
  spells: readonly FindingSpell[],
  report: Report,
): ReportChanges {
  const before = new Map<string, FindingSpell>();
  for (const spell of spells) {
    const { id, openedAt, closedAt, suppressed } = spell;
    if (suppressed || openedAt > since || (closedAt !== null && closedAt <= since)) continue;
    before.set(id, spell);
  }
  const { opened, fixed, unknown } = compareWithEarlier([...before.values()], report, RULES);
  const now = new Set(
    [...report.findings, ...report.suppressed.map(({ finding }) => finding)].map(({ id }) => id),
  );
  const passing = new Set(
    spells
      .filter(
        ({ id, openedAt, closedAt, suppressed }) =>
          closedAt !== null && openedAt > since && !suppressed && !before.has(id) && !now.has(id),
      )
      .map(({ id }) => id),
  );
  return {
    since,
    opened: mentionsOf(opened, report),
    fixed: inOrder(fixed).map(mention),
    unknown: inOrder(unknown).map(mention),
    passing: passing.size,
  };
}

/**
 * What is different from an earlier report. Every finding of it is in exactly one of the lists but `opened`.
 *
 * @param report nothing filtered
 */
export function compareReports(previous: PreviousReport, report: Report): ReportComparison {
  const { opened, fixed, unchanged, unknown } = compareWithEarlier(
    previous.findings,
    report,
    RULES,
  );
  const silenced = new Set(report.suppressed.map(({ finding }) => finding.id));
  return {
    since: previous.takenAt,
    opened: mentionsOf(opened, report),
    fixed: inOrder(fixed),
    unchanged: mentionsOf(unchanged, report),
    unknown: inOrder(unknown),
    suppressed: inOrder(previous.findings.filter(({ id }) => silenced.has(id))),
    remarks: [...remarksOn(previous, report)],
  };
}

function isSame(a: PreviousMember, b: PreviousMember): boolean {
  return a.id === null || b.id === null ? a.name === b.name : a.id === b.id;
}

function* remarksOn(previous: PreviousReport, report: Report): Generator<string> {
  const now = membersOf(report);
  for (const [noun, before, after] of [
    ['cluster', previous.clusters, now.clusters],
    ['TrueNAS', previous.systems, now.systems],
  ] as const) {
    for (const each of before) {
      if (after.some((other) => isSame(each, other))) continue;
      yield `${noun} ${each.name} was in that report and is not in this one: what was found there is unknown now`;
    }
    for (const each of after) {
      if (before.some((other) => isSame(each, other))) continue;
      yield `${noun} ${each.name} was not in that report: all that is found there counts as new`;
    }
  }
  if (!previous.complete) {
    yield 'that report was incomplete: what is new may have been there, unseen';
  }
}

/** Whether two reports are about anything in common; without that, nothing of one could be told from the other. */
export function isComparable(previous: PreviousReport, report: Report): boolean {
  const now = membersOf(report);
  const shares = (a: readonly PreviousMember[], b: readonly PreviousMember[]): boolean =>
    a.some((each) => b.some((other) => isSame(each, other)));
  return shares(previous.clusters, now.clusters) || shares(previous.systems, now.systems);
}
