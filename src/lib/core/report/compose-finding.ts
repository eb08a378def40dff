import { type Evidence } from '../correlate/correlate.ts';
import { assurance, detailOf, type Check } from '../model/check.ts';
import { fingerprint, type Confidence, type Finding } from '../model/finding.ts';
import { subjectKey } from '../model/resource-ref.ts';
import { elapsed, millis } from '../model/units.ts';
import { homeId, type Candidate } from '../rules/evaluate.ts';

/** Whether a second read stands behind a candidate, and when; undefined where it cannot be told any more. */
export type Confirmed = boolean | undefined;

/** Certain only if every check that bears on confidence passed, the second read included. */
function confidenceOf(checks: readonly Check[]): Confidence {
  return checks.every(({ weight, result }) => weight === 'note' || result === 'passed')
    ? 'certain'
    : 'likely';
}

/** The id a finding about this candidate has, in this and every later scan. */
export function findingId(
  { rule, verdict }: Candidate,
  evidence: Pick<Evidence, 'inventory'>,
): string {
  return fingerprint(rule.id, homeId(evidence, verdict.subject), subjectKey(verdict.subject));
}

/** Turns what is left after the second read into the finding everything else reads. */
export function composeFinding(
  candidate: Candidate,
  evidence: Pick<Evidence, 'inventory' | 'now'>,
  confirmed: Confirmed,
): Finding {
  const { rule, verdict } = candidate;
  const checks = [
    ...candidate.checks,
    assurance(
      'confirmed-by-second-read',
      confirmed,
      confirmed === true
        ? 'looked up again before it was reported'
        : 'not looked up again: served from the cache',
    ),
  ];
  const confidence = confidenceOf(checks);
  const facts = verdict.facts(candidate.checks);
  const { createdAt } = facts;
  return {
    id: findingId(candidate, evidence),
    rule: rule.id,
    category: rule.category,
    severity: verdict.severity ?? rule.severity,
    confidence,
    subject: verdict.subject,
    createdAt,
    age: createdAt === null ? null : millis(Math.max(elapsed(createdAt, evidence.now), 0)),
    reason: typeof verdict.message === 'string' ? verdict.message : verdict.message(),
    size: facts.size,
    reclaimable: facts.reclaimable,
    approximate: facts.approximate ?? false,
    storageClass: facts.storageClass,
    labels: facts.labels,
    annotations: facts.annotations,
    truenasReference: facts.truenasReference,
    kubernetesReference: facts.kubernetesReference,
    evidence: checks.map((check) => ({
      check: check.id,
      result: check.result,
      detail: detailOf(check),
    })),
    // What is only likely may be somebody's: no step on it is safe.
    remedy: { ...facts.remedy, safe: facts.remedy.safe && confidence === 'certain' },
  };
}
