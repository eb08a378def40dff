import { isFiltered, type FindingFilter } from '../model/filter.ts';
import { type Report } from '../model/report.ts';
import { type Rule } from '../model/rule.ts';
import { RULES } from '../rules/registry.ts';

/** What was asked of a scan. */
export interface AskedOfScan {
  readonly rules: readonly Pick<Rule, 'id'>[];
  readonly filter: FindingFilter;
}

/**
 * Why a scan says less of its estate than history has to know; null where it says it all. What such a scan does not mention
 * would be taken for gone.
 */
export function whyNotRecordable(
  { rules, filter }: AskedOfScan,
  { cachedFor, complete }: Pick<Report, 'cachedFor' | 'complete'>,
): string | null {
  if (cachedFor !== null) return 'it judges what an earlier scan had read';
  if (isFiltered(filter)) return 'a filter kept findings back';
  const asked = new Set(rules.map(({ id }) => id));
  if (!RULES.every(({ id }) => asked.has(id))) return 'not every rule was asked for';
  return complete ? null : 'it is incomplete';
}
