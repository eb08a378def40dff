import { isAtLeast, type Finding } from '../model/finding.ts';
import { type FindingFilter, type IgnoreEntry } from '../model/filter.ts';
import { type SuppressedFinding } from '../model/report.ts';
import { matchesSelector } from '../model/selector.ts';
import { globMatcher } from '../model/glob.ts';

/** Namespace a finding belongs to: its subject's, or that of the claim it refers to. */
function namespaceOf({ subject, kubernetesReference }: Finding): string | null {
  return subject.namespace ?? kubernetesReference?.split('/', 1)[0] ?? null;
}

/** Whether a filter lets a finding through. What has no known age is not older than anything. */
export function passesFilter(finding: Finding, filter: FindingFilter): boolean {
  const { namespaces, selector, types, olderThan, minSeverity } = filter;
  const tests = [
    namespaces?.includes(namespaceOf(finding) ?? ''),
    selector && matchesSelector(selector, finding.labels),
    types?.includes(finding.subject.type),
    olderThan === null ? null : (finding.age ?? -1) >= olderThan,
    minSeverity && isAtLeast(finding.severity, minSeverity),
  ];
  return tests.every((passed) => passed ?? true);
}

function ignores(entry: IgnoreEntry, finding: Finding, now: Date): boolean {
  if (entry.until !== null && entry.until <= now) return false;
  return (
    (entry.rule === null || globMatcher(entry.rule)(finding.rule)) &&
    (entry.name === null || globMatcher(entry.name)(finding.subject.name)) &&
    (entry.namespace === null || entry.namespace === namespaceOf(finding)) &&
    (entry.selector === null || matchesSelector(entry.selector, finding.labels))
  );
}

/** Parts findings into those to report and those the configuration says to leave alone. */
export function suppress(
  findings: readonly Finding[],
  entries: readonly IgnoreEntry[],
  now: Date,
): { readonly reported: readonly Finding[]; readonly suppressed: readonly SuppressedFinding[] } {
  const reported: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const entry = entries.find((each) => ignores(each, finding, now));
    if (entry === undefined) reported.push(finding);
    else suppressed.push({ finding, reason: entry.reason, until: entry.until });
  }
  return { reported, suppressed };
}
