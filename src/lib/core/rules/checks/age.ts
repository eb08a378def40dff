import { condition, type Check } from '../../model/check.ts';
import { elapsed } from '../../model/units.ts';
import { type RuleContext } from '../../model/rule.ts';

/** When an object last took another turn, so that one on its way out is as young as one in the making. */
export function lastTurn(object: {
  readonly createdAt: Date | null;
  readonly deletedAt: Date | null;
  readonly phaseSince?: Date | null;
}): Date | null {
  const { createdAt, deletedAt, phaseSince = null } = object;
  if (createdAt === null) return null;
  const turns = [createdAt, deletedAt, phaseSince].map((turn) => turn?.getTime() ?? 0);
  return new Date(Math.max(...turns));
}

/** The last of several instants; null where one of them is unknown. */
export function latestOf(instants: readonly (Date | null)[]): Date | null {
  if (instants.includes(null)) return null;
  return new Date(Math.max(...instants.map((instant) => instant?.getTime() ?? 0)));
}

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
