import { type MarkIndex } from '../correlate/marks.ts';
import { type Finding } from '../model/finding.ts';
import { parseInstant } from '../model/instant.ts';
import { type SuppressionSource } from '../model/report.ts';

const ANNOTATION = 'truenas-monitor.io/ignore';
const PROPERTY = 'truenas-monitor:ignore';

/** What is written on the object itself, or on its dataset, about leaving findings alone. */
export interface IgnoreRequest {
  readonly by: SuppressionSource;
  readonly origin: string;
  /** Rule ids or globs. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** Null for ever, undefined where what is written is no instant. */
  readonly until: Date | null | undefined;
}

/** An entry of the configuration needs a reason; a quick annotation may go without. */
const NO_REASON = 'no reason given';

function fromAnnotations({ annotations }: Finding): IgnoreRequest | undefined {
  const rules = annotations[ANNOTATION];
  if (rules === undefined) return undefined;
  const until = annotations[`${ANNOTATION}-until`]?.trim() ?? '';
  const reason = annotations[`${ANNOTATION}-reason`]?.trim() ?? '';
  return {
    by: 'annotation',
    origin: ANNOTATION,
    rules: rules.split(',').flatMap((rule) => rule.trim() || []),
    reason: reason === '' ? NO_REASON : reason,
    until: until === '' ? null : parseInstant(until),
  };
}

function fromProperty(
  { place }: Finding,
  marks: Pick<MarkIndex, 'ignoreAt'>,
): IgnoreRequest | undefined {
  const mark = place === null ? undefined : marks.ignoreAt(place.system, place.path);
  if (place === null || mark === undefined) return undefined;
  return {
    by: 'property',
    origin: `${PROPERTY} of ${place.path}`,
    rules: mark.rules,
    reason: mark.reason ?? NO_REASON,
    until: mark.until,
  };
}

/** Everything on the finding's object and dataset that asks for silence. */
export function ignoreRequestsOf(
  finding: Finding,
  marks: Pick<MarkIndex, 'ignoreAt'>,
): readonly IgnoreRequest[] {
  return [fromAnnotations(finding), fromProperty(finding, marks)].filter(
    (request) => request !== undefined,
  );
}
