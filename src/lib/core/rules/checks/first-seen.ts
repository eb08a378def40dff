import { assurance, note, type Check } from '../../model/check.ts';
import { type RuleContext } from '../../model/rule.ts';
import { elapsed } from '../../model/units.ts';
import { formatSpan } from '../../render/text/format.ts';

/** Since when an object without a creation time has been known, which stands in for its age. */
export function firstSeen(since: Date | undefined): Check {
  return note('first-seen', true, describe(since));
}

/**
 * That an object without a creation time has been a suspect for long enough to be neither in the making nor on its way out.
 * Where no earlier scan saw it nobody knows, and it is not certain yet.
 */
export function suspectForLong(
  since: Date | undefined,
  { now, policy }: Pick<RuleContext, 'now' | 'policy'>,
): Check {
  const holds = since === undefined ? undefined : elapsed(since, now) >= policy.orphanThreshold;
  const needs = `it counts after ${formatSpan(policy.orphanThreshold)}`;
  return assurance('suspect-for-long', holds, `${describe(since)}; ${needs}`);
}

function describe(since: Date | undefined): string {
  return since === undefined
    ? 'seen for the first time; TrueNAS does not say when it was made'
    : `first seen ${since.toISOString()}; TrueNAS does not say when it was made`;
}
