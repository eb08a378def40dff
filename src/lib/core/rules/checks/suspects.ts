import { type RuleContext } from '../../model/rule.ts';

/**
 * What a rule has to look at: everything where everyone is to be judged, and else what is not plainly sound. A generator that goes
 * through a list makes an object of each step, and a plain function makes none.
 */
export function suspectsAmong<T>(
  list: readonly T[],
  { suspectsOnly }: Pick<RuleContext, 'suspectsOnly'>,
  isSuspect: (item: T) => boolean,
): readonly T[] {
  if (!suspectsOnly) return list;
  const suspects: T[] = [];
  for (const item of list) if (isSuspect(item)) suspects.push(item);
  return suspects;
}
