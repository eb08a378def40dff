import { type Evidence, type ScopeMember } from '../correlate/correlate.ts';
import { detailOf } from '../model/check.ts';
import { fingerprint, isAtLeast, type Severity } from '../model/finding.ts';
import { type Policy } from '../model/policy.ts';
import { type SourceStatus } from '../model/report.ts';
import { subjectKey, type ResourceRef } from '../model/resource-ref.ts';
import { type Verdict } from '../model/rule.ts';
import { type CheckOutcome, type CheckStatus } from '../model/validation.ts';
import { type CheckRule } from '../rules/define-check.ts';
import {
  homeId,
  homeIdOf,
  judgeMember,
  membersFor,
  type JudgedVerdict,
} from '../rules/evaluate.ts';

/** An outcome, and the verdict it comes from where there is one. */
export interface JudgedOutcome {
  readonly outcome: CheckOutcome;
  readonly judged: JudgedVerdict | null;
  readonly member: ScopeMember;
  readonly rule: CheckRule;
}

/** Everything some checks say of an inventory, passes included. */
export function checkOutcomes(
  rules: readonly CheckRule[],
  evidence: Evidence,
  policy: Policy,
): readonly JudgedOutcome[] {
  return rules.flatMap((rule) =>
    membersFor(rule, evidence).flatMap((member) => outcomesOf(rule, member, evidence, policy)),
  );
}

function outcomesOf(
  rule: CheckRule,
  member: ScopeMember,
  evidence: Evidence,
  policy: Policy,
): JudgedOutcome[] {
  const { because, verdicts } = judgeMember(rule, member, evidence, policy, false);
  if (because.length > 0) {
    return [{ outcome: skipped(rule, member, because, evidence), judged: null, member, rule }];
  }
  const own = [...verdicts].filter(({ verdict }) => !isElsewhere(verdict.subject, member));
  return own.map((judged) => ({
    outcome: outcomeOf(rule, member, judged.verdict, evidence),
    judged,
    member,
    rule,
  }));
}

/**
 * Derived sources hold the drivers of every cluster, lists only what one cluster has: an object is judged when it is the turn
 * of its own cluster or system, beside whose lists it belongs.
 */
function isElsewhere(subject: ResourceRef, { scope, name }: ScopeMember): boolean {
  const home = subject.location === 'kubernetes' ? subject.cluster : subject.system;
  const side = subject.location === 'kubernetes' ? 'cluster' : 'system';
  return side === scope && home !== name;
}

function placeOf({ scope, name }: ScopeMember): Pick<CheckOutcome, 'cluster' | 'system'> {
  return {
    cluster: scope === 'cluster' ? name : null,
    system: scope === 'system' ? name : null,
  };
}

function skipped(
  rule: CheckRule,
  member: ScopeMember,
  because: readonly SourceStatus[],
  evidence: Evidence,
): CheckOutcome {
  const reasons = because.map(({ name, coverage }) =>
    coverage.state === 'complete' ? name : coverage.reason,
  );
  return {
    id: fingerprint(rule.id, homeIdOf(evidence, member), ''),
    check: rule.id,
    title: rule.title,
    component: rule.component,
    status: 'SKIPPED',
    severity: rule.severity,
    subject: null,
    ...placeOf(member),
    message: [...new Set(reasons)].join('; '),
    steps: [],
    notApplicable: because.every(({ coverage }) => coverage.state === 'not_applicable'),
  };
}

function outcomeOf(
  rule: CheckRule,
  member: ScopeMember,
  verdict: Verdict,
  evidence: Evidence,
): CheckOutcome {
  const severity = verdict.severity ?? rule.severity;
  const status = statusOf(verdict, severity);
  const isWrong = status === 'FAIL' || status === 'WARNING';
  return {
    id: fingerprint(rule.id, homeId(evidence, verdict.subject), subjectKey(verdict.subject)),
    check: rule.id,
    title: rule.title,
    component: rule.component,
    status,
    severity,
    subject: verdict.subject,
    ...placeOf(member),
    message: detailOf(verdict.premise),
    steps: isWrong ? verdict.facts([]).remedy.steps : [],
    notApplicable: false,
  };
}

function statusOf({ premise }: Verdict, severity: Severity): CheckStatus {
  if (premise.result === 'unknown') return 'SKIPPED';
  // The premise is the fault: where it holds, the check has failed.
  if (premise.result === 'failed') return 'PASS';
  return isAtLeast(severity, 'high') ? 'FAIL' : 'WARNING';
}
