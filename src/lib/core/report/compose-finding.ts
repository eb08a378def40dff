import { type Evidence } from '../correlate/correlate.ts';
import { assurance, detailOf, note, type Check } from '../model/check.ts';
import { fingerprint, type Confidence, type EvidenceLine, type Finding } from '../model/finding.ts';
import { subjectKey } from '../model/resource-ref.ts';
import { type SubjectFacts, type Verdict } from '../model/rule.ts';
import { bytes, elapsed, millis, type Millis } from '../model/units.ts';
import { WORLD_CHECKS } from '../rules/checks/doubts.ts';
import { firstSeenKey, homeId, type Candidate } from '../rules/evaluate.ts';
import { commandFor } from './cleanup-command.ts';
import { managedByNote, managerOf, remedyUnder, type Manager } from './managed-by.ts';
import { clonesOn } from './reclaimable.ts';

/** Whether a second read stands behind a candidate, and when; undefined where it cannot be told any more. */
export type Confirmed = boolean | undefined;

/** Certain only if every check that bears on confidence passed, the second read included. */
function confidenceOf(checks: readonly Check[]): Confidence {
  return checks.every(({ weight, result }) => weight === 'note' || result === 'passed')
    ? 'certain'
    : 'likely';
}

function evidenceOf(check: Check): EvidenceLine {
  return { check: check.id, result: check.result, detail: detailOf(check) };
}

/** What most of all speaks against being sure: a sign of another world before what failed, and that before what is not known. */
function doubtOf(checks: readonly Check[]): EvidenceLine | null {
  const doubts = checks.filter(({ weight, result }) => weight !== 'note' && result !== 'passed');
  const failed = doubts.filter(({ result }) => result === 'failed');
  const first = failed.find(({ id }) => WORLD_CHECKS.includes(id)) ?? failed[0] ?? doubts[0];
  return first === undefined ? null : evidenceOf(first);
}

/** The id a finding about this candidate has, in this and every later scan. */
export function findingId(
  { rule, verdict }: Pick<Candidate, 'rule' | 'verdict'>,
  evidence: Pick<Evidence, 'inventory'>,
): string {
  return fingerprint(rule.id, homeId(evidence, verdict.subject), subjectKey(verdict.subject));
}

/** What is known of the subject beyond the rule's own checks. */
interface Surroundings {
  readonly manager: Manager | undefined;
  /** Clones keep what they were made from, so that nothing comes back before they are gone. */
  readonly clones: readonly string[];
}

function surroundingsOf(
  { subject, place }: Verdict,
  facts: SubjectFacts,
  derived: Evidence['derived'],
): Surroundings {
  return {
    manager: subject.location === 'kubernetes' ? managerOf(facts) : undefined,
    clones: facts.reclaimable > 0 ? clonesOn(place, facts, derived) : [],
  };
}

function notes({ manager, clones }: Surroundings): Check[] {
  return [
    ...(manager === undefined ? [] : [managedByNote(manager)]),
    ...(clones.length === 0
      ? []
      : [note('space-comes-back', false, `nothing is freed until ${clones.join(', ')} is gone`)]),
  ];
}

function confirmation(confirmed: Confirmed): Check {
  return assurance(
    'confirmed-by-second-read',
    confirmed,
    confirmed === true
      ? 'looked up again before it was reported'
      : 'not looked up again: served from the cache',
  );
}

function firstSeenOf(
  { rule, verdict }: Candidate,
  evidence: Pick<Evidence, 'inventory'>,
): Date | null {
  if (rule.remembers !== true) return null;
  return evidence.inventory.firstSeen.get(firstSeenKey(evidence, rule, verdict.subject)) ?? null;
}

function spanSince(instant: Date | null, now: Date): Millis | null {
  return instant === null ? null : millis(Math.max(elapsed(instant, now), 0));
}

/** Turns what is left after the second read into the finding everything else reads. */
export function composeFinding(
  candidate: Candidate,
  evidence: Pick<Evidence, 'inventory' | 'now' | 'derived'>,
  confirmed: Confirmed,
): Finding {
  const { rule, verdict } = candidate;
  const facts = verdict.facts(candidate.checks);
  const { createdAt } = facts;
  const firstSeen = firstSeenOf(candidate, evidence);
  const around = surroundingsOf(verdict, facts, evidence.derived);
  const checks = [...candidate.checks, ...notes(around), confirmation(confirmed)];
  const confidence = confidenceOf(checks);
  const remedy = remedyUnder(around.manager, facts.remedy);
  const id = findingId(candidate, evidence);
  const isManaged = around.manager !== undefined;
  return {
    id,
    rule: rule.id,
    category: rule.category,
    severity: verdict.severity ?? rule.severity,
    confidence,
    subject: verdict.subject,
    place: verdict.place,
    createdAt,
    age: spanSince(createdAt, evidence.now),
    firstSeen,
    seenFor: spanSince(firstSeen, evidence.now),
    reason: typeof verdict.message === 'string' ? verdict.message : verdict.message(),
    size: facts.size,
    reclaimable: around.clones.length === 0 ? facts.reclaimable : bytes(0),
    approximate: facts.approximate ?? false,
    storageClass: facts.storageClass,
    labels: facts.labels,
    annotations: facts.annotations,
    truenasReference: facts.truenasReference,
    kubernetesReference: facts.kubernetesReference,
    evidence: checks.map(evidenceOf),
    doubt: doubtOf(checks),
    // What is only likely may be somebody's: no step on it is safe.
    remedy: {
      ...remedy,
      safe: remedy.safe && confidence === 'certain',
      command: commandFor({ id, confidence, place: verdict.place, isManaged }, remedy),
    },
  };
}
