import { type Evidence, type ScopeMember } from '../correlate/correlate.ts';
import { detailOf } from '../model/check.ts';
import { fingerprint, isAtLeast, type Severity } from '../model/finding.ts';
import { type Policy } from '../model/policy.ts';
import { type SourceStatus } from '../model/report.ts';
import { homeOf, refKey, subjectKey, type ResourceRef } from '../model/resource-ref.ts';
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
  return rules.flatMap((rule) => {
    const told = new Set<string>();
    return membersFor(rule, evidence)
      .flatMap((member) => outcomesOf(rule, member, evidence, policy))
      .filter(({ outcome, member }) => isNews(outcome, member, told));
  });
}

/**
 * Some sources, such as the connections, speak of everyone, and a rule that reads one is asked in the name of each cluster or
 * system in turn: of its own side every member speaks for itself alone, and of the other side the first who is asked.
 */
function isNews({ subject }: CheckOutcome, member: ScopeMember, told: Set<string>): boolean {
  if (subject === null) return true;
  const home = homeOf(subject);
  if (home.startsWith(`${member.scope} `)) return home === `${member.scope} ${member.name}`;
  const key = refKey(subject);
  if (told.has(key)) return false;
  told.add(key);
  return true;
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
  return Array.from(verdicts, (judged) => ({
    outcome: outcomeOf(rule, judged.verdict, evidence),
    judged,
    member,
    rule,
  }));
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

function homeNames(subject: ResourceRef): Pick<CheckOutcome, 'cluster' | 'system'> {
  return {
    cluster: subject.location === 'kubernetes' ? subject.cluster : null,
    system: subject.location === 'truenas' ? subject.system : null,
  };
}

function outcomeOf(rule: CheckRule, verdict: Verdict, evidence: Evidence): CheckOutcome {
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
    ...homeNames(verdict.subject),
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
