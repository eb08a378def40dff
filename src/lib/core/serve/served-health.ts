import {
  COMPONENTS,
  type CheckOutcome,
  type Component,
  type OverallStatus,
  type ValidationSummary,
} from '../model/validation.ts';

/** One component of one cluster or system. */
export interface ComponentHealth {
  readonly component: Component;
  readonly cluster: string | null;
  readonly system: string | null;
  readonly status: OverallStatus;
}

/** How things are, without the checks that tell it. */
export interface ServedHealth {
  readonly overall: OverallStatus;
  /** Those that were looked at, in a fixed order. */
  readonly components: readonly ComponentHealth[];
}

/** Tells a component of one place from all others. */
export function componentKey({
  component,
  cluster,
  system,
}: Omit<ComponentHealth, 'status'>): string {
  return JSON.stringify([component, cluster, system]);
}

/** What a summary comes to, component by component: the worst of its checks. What could not be looked at is UNKNOWN, and never PASS. */
export function servedHealth({ overall, results }: ValidationSummary): ServedHealth {
  const outcomes = new Map<string, CheckOutcome[]>();
  for (const outcome of results) {
    if (outcome.notApplicable) continue;
    const key = componentKey(outcome);
    const same = outcomes.get(key);
    if (same === undefined) outcomes.set(key, [outcome]);
    else same.push(outcome);
  }
  const components = [...outcomes.values()].flatMap((group): ComponentHealth[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { component, cluster, system } = first;
    return [{ component, cluster, system, status: worstOf(group) }];
  });
  return { overall, components: components.toSorted(inOrder) };
}

function worstOf(outcomes: readonly CheckOutcome[]): OverallStatus {
  const has = (status: CheckOutcome['status']): boolean =>
    outcomes.some((each) => each.status === status);
  if (has('FAIL')) return 'FAIL';
  if (has('WARNING')) return 'WARNING';
  return has('SKIPPED') ? 'UNKNOWN' : 'PASS';
}

function inOrder(a: ComponentHealth, b: ComponentHealth): number {
  const [one, other] = [componentKey(a), componentKey(b)];
  return (
    COMPONENTS.indexOf(a.component) - COMPONENTS.indexOf(b.component) ||
    Number(one > other) - Number(one < other)
  );
}
