import { findNearest } from '../../core/model/did-you-mean.ts';
import { globMatcher } from '../../core/model/glob.ts';
import { type ConfigPath } from './config.ts';
import { type Unplaced } from './problem.ts';

/**
 * What is wrong with a glob that names no rule.
 *
 * @param ruleNames undefined where nobody says which there are
 */
export function unknownRule(
  rule: string,
  path: ConfigPath,
  ruleNames: readonly string[] | undefined,
): Unplaced[] {
  if (ruleNames === undefined || ruleNames.some(globMatcher(rule))) return [];
  const meant = findNearest(rule, ruleNames);
  const remedy =
    meant === undefined ? `use one of ${ruleNames.join(', ')}` : `did you mean ${meant}?`;
  return [{ path, message: 'names no rule', remedy }];
}
