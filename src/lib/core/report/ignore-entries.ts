import { type IgnoreEntry } from '../model/filter.ts';
import { type Finding } from '../model/finding.ts';
import { globMatcher } from '../model/glob.ts';
import { type ReportWarning } from '../model/report.ts';
import { matchesSelector } from '../model/selector.ts';
import { namespaceOf } from './select-findings.ts';
import { type RuleNames } from './rule-names.ts';
import { unknownRule } from './unknown-rule.ts';

/** An entry of `ignore:`, ready to be asked about every finding of a scan. */
export interface PreparedEntry {
  readonly entry: IgnoreEntry;
  /** Its place in the configuration, as messages about the configuration name it. */
  readonly origin: string;
  readonly expired: boolean;
  readonly matches: (finding: Finding) => boolean;
}

export function prepareEntries(
  entries: readonly IgnoreEntry[],
  names: RuleNames,
  now: Date,
): readonly PreparedEntry[] {
  return entries.map((entry, index) => {
    const { rule, namespace, selector, until } = entry;
    const isNamed = entry.name === null ? null : globMatcher(entry.name);
    return {
      entry,
      origin: `ignore[${String(index)}]`,
      expired: until !== null && until <= now,
      matches: (finding) =>
        (rule === null || names.matches(rule, finding.rule)) &&
        (isNamed === null || isNamed(finding.subject.name)) &&
        (namespace === null || namespace === namespaceOf(finding)) &&
        (selector === null || matchesSelector(selector, finding.labels)),
    };
  });
}

/** An entry by what it says, since its number alone tells nobody which one is meant. */
function describe({ entry: { rule, name, namespace, selector }, origin }: PreparedEntry): string {
  const said = [
    rule === null ? [] : `rule ${rule}`,
    name === null ? [] : `name ${name}`,
    namespace === null ? [] : `namespace ${namespace}`,
    selector === null ? [] : 'selector',
  ].flat();
  return said.length === 0 ? origin : `${origin} (${said.join(', ')})`;
}

/**
 * What is odd about the entries of the configuration, one thing each.
 *
 * @param judged ids of the rules whose silence proves that they found nothing, anywhere; empty where nothing is proven
 */
export function warnAboutEntries(
  entries: readonly PreparedEntry[],
  used: ReadonlySet<PreparedEntry>,
  names: RuleNames,
  judged: ReadonlySet<string>,
): readonly ReportWarning[] {
  return entries.flatMap((prepared): ReportWarning[] => {
    const { rule, until } = prepared.entry;
    const ids = rule === null ? new Set(names.all) : names.idsOf(rule);
    if (rule !== null && ids.size === 0) return [unknownRule(prepared.origin, rule, names)];
    if (prepared.expired) {
      const since = until?.toISOString().slice(0, 10) ?? '';
      return [
        {
          code: 'ignore-expired',
          message: `${describe(prepared)} ended on ${since}: what it matches is reported again, so remove or renew it`,
        },
      ];
    }
    if (used.has(prepared) || ![...ids].every((id) => judged.has(id))) return [];
    return [
      {
        code: 'ignore-unmatched',
        message: `${describe(prepared)} matches nothing: remove it, or correct what it names`,
      },
    ];
  });
}
