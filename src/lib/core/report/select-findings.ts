import { isAtLeast, type Finding } from '../model/finding.ts';
import { type FindingFilter } from '../model/filter.ts';
import { matchesSelector } from '../model/selector.ts';

/** What a finding is chosen by. */
export type Choosable = Pick<
  Finding,
  'subject' | 'kubernetesReference' | 'labels' | 'age' | 'seenFor' | 'severity'
>;

/** Namespace a finding belongs to: its subject's, or that of the claim it refers to. */
export function namespaceOf({
  subject,
  kubernetesReference,
}: Pick<Finding, 'subject' | 'kubernetesReference'>): string | null {
  return subject.namespace ?? kubernetesReference?.split('/', 1)[0] ?? null;
}

/**
 * Whether a filter lets a finding through. What TrueNAS does not date is as old as it is known to this tool, and what nobody
 * knows the age of is not older than anything.
 */
export function passesFilter(finding: Choosable, filter: FindingFilter): boolean {
  const { namespaces, selector, types, olderThan, minSeverity } = filter;
  const tests = [
    namespaces?.includes(namespaceOf(finding) ?? ''),
    selector && matchesSelector(selector, finding.labels),
    types?.includes(finding.subject.type),
    olderThan === null ? null : (finding.age ?? finding.seenFor ?? -1) >= olderThan,
    minSeverity && isAtLeast(finding.severity, minSeverity),
  ];
  return tests.every((passed) => passed ?? true);
}
