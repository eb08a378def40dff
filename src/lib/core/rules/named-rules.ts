import { findNearest } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import { globMatcher } from '../model/glob.ts';
import { type Rule } from '../model/rule.ts';

function idsOf(rule: Rule): readonly string[] {
  return [rule.id, ...(rule.aliases ?? [])];
}

/**
 * The rules some globs name, in the order they are listed; null names all. Throws a `UsageError` for a glob that names none.
 *
 * @param what a rule of this list is called: `rule`, `check of health`
 */
export function namedRules<R extends Rule>(
  rules: readonly R[],
  globs: readonly string[] | null,
  what: string,
): readonly R[] {
  if (globs === null) return rules;
  const matchers = globs.map((glob) => ({ glob, matches: globMatcher(glob) }));
  for (const { glob, matches } of matchers) {
    if (!rules.some((rule) => idsOf(rule).some(matches))) throw noneNamed(rules, glob, what);
  }
  return rules.filter((rule) =>
    matchers.some(({ matches }) => idsOf(rule).some((id) => matches(id))),
  );
}

function noneNamed(rules: readonly Rule[], glob: string, what: string): UsageError {
  const ids = rules.map(({ id }) => id);
  const meant = findNearest(glob, ids);
  return new UsageError(`no ${what} is called ${JSON.stringify(glob)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
      `Choose from: ${ids.join(', ')}.`,
    ],
  });
}
