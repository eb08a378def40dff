import { findNearest } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import { globMatcher } from '../model/glob.ts';
import { type Rule } from '../model/rule.ts';

/** What a glob that names no rule is met with. */
type Refusal = (glob: string) => UsageError;

function idsOf(rule: Rule): readonly string[] {
  return [rule.id, ...(rule.aliases ?? [])];
}

/**
 * The rules some globs name, in the order they are listed; null names all. Throws a `UsageError` for a glob that names none.
 */
export function namedRules<R extends Rule>(
  rules: readonly R[],
  globs: readonly string[] | null,
  refusal: Refusal,
): readonly R[] {
  if (globs === null) return rules;
  const matchers = globs.map((glob) => ({ glob, matches: globMatcher(glob) }));
  for (const { glob, matches } of matchers) {
    if (!rules.some((rule) => idsOf(rule).some(matches))) throw refusal(glob);
  }
  return rules.filter((rule) =>
    matchers.some(({ matches }) => idsOf(rule).some((id) => matches(id))),
  );
}

/** Whether a glob names any of some rules. */
export function namesAny(rules: readonly Rule[], glob: string): boolean {
  const matches = globMatcher(glob);
  return rules.some((rule) => idsOf(rule).some(matches));
}

/** Says which rule may be meant, and where all of them are: a line of their ids is one that nobody reads. */
export function noRuleNamed(rules: readonly Rule[], glob: string): UsageError {
  const ids = rules.map(({ id }) => id);
  const meant = findNearest(glob, ids);
  return new UsageError(`no rule is called ${JSON.stringify(glob)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
      'docs/rules/README.md lists every rule; a pattern such as dataset-* takes several.',
    ],
  });
}
