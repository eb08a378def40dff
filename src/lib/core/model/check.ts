export type CheckResult = 'passed' | 'failed' | 'unknown';

/**
 * What a check decides.
 * `finding`: unless it passed there is no finding; what is unknown stays silent.
 * `confidence`: unless it passed the finding is only `likely`.
 * `note`: evidence that decides nothing, such as what no API can answer.
 */
export type CheckWeight = 'finding' | 'confidence' | 'note';

/** One line of a rule's checklist for one subject. */
export interface Check {
  /** Stable kebab-case id, phrased as what holds when the check passed: `no-volume-refers`. */
  readonly id: string;
  readonly weight: CheckWeight;
  readonly result: CheckResult;
  /** What was seen. A function where building the text is not worth it unless somebody reads it. */
  readonly detail: string | (() => string);
  /** Not looked at yet: the second read will settle it. */
  readonly pending?: true;
}

/** `undefined` stands for "could not be seen". */
export function resultOf(holds: boolean | undefined): CheckResult {
  if (holds === undefined) return 'unknown';
  return holds ? 'passed' : 'failed';
}

function checkOf(weight: CheckWeight) {
  return (id: string, holds: boolean | undefined, detail: Check['detail']): Check => ({
    id,
    weight,
    result: resultOf(holds),
    detail,
  });
}

/** A condition without which there is nothing to report. */
export const condition = checkOf('finding');

/** A condition that only the second read can settle. */
export function awaiting(id: string, detail: Check['detail']): Check {
  return { ...condition(id, undefined, detail), pending: true };
}

/** A condition without which the finding is no more than likely. */
export const assurance = checkOf('confidence');

/** Something worth showing that decides nothing. */
export const note = checkOf('note');

export function detailOf(check: Check): string {
  return typeof check.detail === 'string' ? check.detail : check.detail();
}
