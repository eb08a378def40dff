import { type MarkIndex } from '../correlate/marks.ts';
import { type IgnoreEntry } from '../model/filter.ts';
import { type Finding } from '../model/finding.ts';
import { type ReportWarning, type SuppressedFinding } from '../model/report.ts';
import { typeName, type ResourceRef } from '../model/resource-ref.ts';
import { type Rule } from '../model/rule.ts';
import { prepareEntries, warnAboutEntries, type PreparedEntry } from './ignore-entries.ts';
import { ignoreRequestsOf, type IgnoreRequest } from './ignore-marks.ts';
import { RuleNames } from './rule-names.ts';
import { unknownRule } from './unknown-rule.ts';

/** Everything that may ask for a finding to be left alone, and what is needed to tell whether it still makes sense. */
export interface SuppressionInput {
  /** `ignore:` of the configuration, in its order. */
  readonly entries: readonly IgnoreEntry[];
  readonly marks: Pick<MarkIndex, 'ignoreAt'>;
  /** Every rule there is. */
  readonly rules: readonly Pick<Rule, 'id' | 'aliases'>[];
  /** Ids of the rules whose silence proves that they found nothing, anywhere; empty where nothing is proven. */
  readonly judged: ReadonlySet<string>;
  readonly now: Date;
}

export interface Suppression {
  readonly reported: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly warnings: readonly ReportWarning[];
}

/** The object whose mark is meant: marks of one name are on many. */
function marked({ by, origin }: IgnoreRequest, subject: ResourceRef): string {
  if (by === 'property') return `property ${origin}`;
  const path = subject.namespace === null ? subject.name : `${subject.namespace}/${subject.name}`;
  return `annotation ${origin} of ${typeName(subject.type)}/${path}`;
}

/** What is wrong with a mark as far as it bears on this finding; nothing where it does its work. */
function* warnAboutMark(
  request: IgnoreRequest,
  { rule, subject }: Finding,
  names: RuleNames,
  now: Date,
): Generator<ReportWarning> {
  const origin = marked(request, subject);
  for (const glob of request.rules) {
    if (names.idsOf(glob).size === 0) yield unknownRule(origin, glob, names);
  }
  if (request.rules.length === 0) {
    yield { code: 'ignore-unknown-rule', message: `${origin} names no rule; * means every one` };
  }
  const { until } = request;
  if (until === null || !request.rules.some((glob) => names.matches(glob, rule))) return;
  if (until === undefined) {
    yield {
      code: 'ignore-malformed-until',
      message: `${origin} ends on what is no date, so it counts as ended: write 2027-01-31 or 2027-01-31T12:00:00Z`,
    };
  } else if (until <= now) {
    yield {
      code: 'ignore-expired',
      message: `${origin} ended on ${until.toISOString().slice(0, 10)}: remove or renew it`,
    };
  }
}

/**
 * Parts findings into those to report and those somebody said to leave alone. The configuration has the first word, then
 * the annotation, then the property. Whatever has ended, or whose end cannot be read, silences nothing.
 */
export function suppress(findings: readonly Finding[], input: SuppressionInput): Suppression {
  const { marks, now } = input;
  const names = new RuleNames(input.rules);
  const entries = prepareEntries(input.entries, names, now);
  const used = new Set<PreparedEntry>();
  const reported: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const warnings = new Map<string, ReportWarning>();
  for (const finding of findings) {
    const matching = entries.filter((each) => each.matches(finding));
    for (const each of matching) used.add(each);
    const requests = ignoreRequestsOf(finding, marks);
    for (const request of requests) {
      for (const warning of warnAboutMark(request, finding, names, now)) {
        warnings.set(warning.message, warning);
      }
    }
    const by =
      entryFor(matching) ?? requests.find((request) => silences(request, finding, names, now));
    if (by === undefined) reported.push(finding);
    else {
      const { origin, reason, until } = by;
      suppressed.push({ finding, by: by.by, origin, reason, until: until ?? null });
    }
  }
  const aboutEntries = warnAboutEntries(entries, used, names, input.judged);
  return { reported, suppressed, warnings: [...aboutEntries, ...warnings.values()] };
}

function entryFor(matching: readonly PreparedEntry[]): Omit<IgnoreRequest, 'rules'> | undefined {
  const found = matching.find(({ expired }) => !expired);
  return (
    found && {
      by: 'configuration',
      origin: found.origin,
      reason: found.entry.reason,
      until: found.entry.until,
    }
  );
}

function silences(
  { rules, until }: IgnoreRequest,
  { rule }: Finding,
  names: RuleNames,
  now: Date,
): boolean {
  if (until === undefined || (until !== null && until <= now)) return false;
  return rules.some((glob) => names.matches(glob, rule));
}
