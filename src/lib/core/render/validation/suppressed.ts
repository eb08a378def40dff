import { isAtLeast, type Finding } from '../../model/finding.ts';
import { type CheckOutcome } from '../../model/validation.ts';
import { CHECKS } from '../../rules/check-registry.ts';

/** What the check said before somebody said to leave it alone: suppression speaks of findings, which say the same. */
export function outcomeOf({ id, rule, severity, subject, reason, remedy }: Finding): CheckOutcome {
  const check = CHECKS.find((each) => each.id === rule);
  return {
    id,
    check: rule,
    title: check?.title ?? rule,
    component: check?.component ?? 'configuration',
    status: isAtLeast(severity, 'high') ? 'FAIL' : 'WARNING',
    severity,
    subject,
    cluster: subject.location === 'kubernetes' ? subject.cluster : null,
    system: subject.location === 'truenas' ? subject.system : null,
    message: reason,
    steps: remedy.steps,
    notApplicable: false,
  };
}
