import { type ParentIndex } from '../../correlate/parents.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type Severity } from '../../model/finding.ts';

/** Whether an export's dataset would lie right below a parent that somebody declared: only there is it ours to judge. */
export function belowDeclaredParent(parents: ParentIndex, system: string, path: string): Check {
  const parent = parents.parentOf(system, path);
  return assurance(
    'below-declared-parent',
    parent?.origin === 'declared',
    parent === undefined
      ? 'it lies below no parent of a registered driver'
      : `parent ${parent.path} is ${parent.origin}`,
  );
}

/** Outside every known parent a fault is worth knowing, and never ours to mend. */
export function severityAt(
  parents: ParentIndex,
  system: string,
  path: string,
  severity: Severity,
): Severity {
  return parents.parentOf(system, path) === undefined ? 'info' : severity;
}
