import { assurance, type Check } from '../../model/check.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type RuleContext } from '../../model/rule.ts';
import { elapsed } from '../../model/units.ts';
import { formatSpan } from '../../render/text/format.ts';

/**
 * That a subject has been a suspect for longer than the threshold, where nothing but this tool's memory says since when: what
 * was never seen before may be in the middle of a change.
 */
export function suspectedForThreshold(
  id: string,
  ref: ResourceRef,
  { firstSeen, now, policy }: Pick<RuleContext, 'firstSeen' | 'now' | 'policy'>,
): Check {
  const since = firstSeen(ref);
  return assurance(
    id,
    since === undefined ? undefined : elapsed(since, now) >= policy.orphanThreshold,
    () =>
      since === undefined
        ? 'no earlier scan saw it like this, and nothing else says since when it is'
        : `like this since ${since.toISOString()}, and that counts after ${formatSpan(policy.orphanThreshold)}`,
  );
}
