import { type CheckOutcome, type Component } from '../../model/validation.ts';

/** Outcomes of one check that came to the same, and of which the same is to be done. */
export type Group = readonly [CheckOutcome, ...CheckOutcome[]];

function keyOf({ check, status, severity, steps }: CheckOutcome): string {
  return JSON.stringify([check, status, status === 'PASS' ? null : severity, steps]);
}

/** Outcomes by check and by what they came to, in the order of the first of each. */
export function groupsOf(outcomes: readonly CheckOutcome[]): readonly Group[] {
  const groups = new Map<string, [CheckOutcome, ...CheckOutcome[]]>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [outcome]);
    else group.push(outcome);
  }
  return [...groups.values()];
}

/** What was judged, by component; what was skipped is told at the end. */
export function byComponent(
  results: readonly CheckOutcome[],
): ReadonlyMap<Component, readonly CheckOutcome[]> {
  return Map.groupBy(
    results.filter(({ status }) => status !== 'SKIPPED'),
    ({ component }) => component,
  );
}
