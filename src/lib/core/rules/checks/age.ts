import { condition, type Check } from '../../model/check.ts';
import { elapsed } from '../../model/units.ts';
import { type RuleContext } from '../../model/rule.ts';

/** Old enough to be neither in the making nor on its way out, by the slowest of all clocks. */
export function olderThanThreshold(
  since: Date | null,
  { now, policy }: Pick<RuleContext, 'now' | 'policy'>,
  what = 'created',
): Check {
  const holds = since === null ? undefined : elapsed(since, now) >= policy.orphanThreshold;
  return condition('older-than-threshold', holds, () =>
    since === null ? `${what} at an unknown time` : `${what} ${since.toISOString()}`,
  );
}
