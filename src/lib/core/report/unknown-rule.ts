import { findNearest } from '../model/did-you-mean.ts';
import { type ReportWarning } from '../model/report.ts';
import { type RuleNames } from './rule-names.ts';

/** Somebody meant to silence a rule, and named none. */
export function unknownRule(origin: string, glob: string, names: RuleNames): ReportWarning {
  const meant = findNearest(glob, names.all);
  const hint = meant === undefined ? '' : `; do you mean ${meant}?`;
  return {
    code: 'ignore-unknown-rule',
    message: `${origin} names rule ${glob}, and there is none${hint}`,
  };
}
