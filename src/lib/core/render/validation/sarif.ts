import { type ResourceRef } from '../../model/resource-ref.ts';
import { refToCluster, refToSystem } from '../../model/surroundings.ts';
import { type CheckOutcome, type ValidationSummary } from '../../model/validation.ts';
import { CHECKS } from '../../rules/check-registry.ts';
import { sarifLog, type Notice } from '../sarif/log.ts';
import { type Problem, type Suppression } from '../sarif/result.ts';
import { ruleTextOf, type RuleText } from '../sarif/rule.ts';
import { isWrong } from './counts.ts';
import { placeOf } from './labels.ts';
import { outcomeOf } from './suppressed.ts';

/** What is wrong for code scanning; passes are no results, and what was skipped is a notification. */
export function renderValidationSarif(summary: ValidationSummary, version: string): string {
  const { results, suppressed } = summary;
  return sarifLog({
    command: commandOf(results),
    version,
    scan: summary,
    problems: [
      ...results.filter(isWrong).map((outcome) => problemOf(outcome, null)),
      ...suppressed.map(({ finding, ...suppression }) =>
        problemOf(outcomeOf(finding), suppression),
      ),
    ],
    ruleText: (id) => textOf(id, results),
    notices: results
      .filter(({ status, notApplicable }) => status === 'SKIPPED' && !notApplicable)
      .map(noticeOf),
    mistakes: [],
  });
}

/** Code scanning replaces what came before of the same kind, and `validate` and `health` are two. */
function commandOf(results: readonly CheckOutcome[]): 'validate' | 'health' {
  const health = new Set(
    CHECKS.filter(({ category }) => category === 'health').map(({ id }) => id),
  );
  return results.length > 0 && results.every(({ check }) => health.has(check))
    ? 'health'
    : 'validate';
}

function textOf(id: string, results: readonly CheckOutcome[]): RuleText {
  const check = CHECKS.find((each) => each.id === id);
  if (check !== undefined) return ruleTextOf(check);
  const outcome = results.find((each) => each.check === id);
  return {
    id,
    title: outcome?.title ?? id,
    severity: outcome?.severity ?? 'medium',
    category: null,
    component: outcome?.component ?? null,
    about: null,
  };
}

/** Where an outcome is of no object, it is of its whole cluster or system. */
function subjectOf({ subject, cluster, system }: CheckOutcome): ResourceRef {
  return subject ?? (cluster === null ? refToSystem(system ?? '') : refToCluster(cluster));
}

function problemOf(outcome: CheckOutcome, suppression: Suppression | null): Problem {
  const { id, check, severity, message, steps, status, component } = outcome;
  return {
    id,
    rule: check,
    severity,
    subject: subjectOf(outcome),
    message,
    steps,
    properties: { status, component },
    suppression,
  };
}

function noticeOf(outcome: CheckOutcome): Notice {
  const { check, message, subject } = outcome;
  const place = placeOf(outcome);
  const object = subject === null ? place : `${subject.type} ${subject.name} of ${place}`;
  return {
    id: 'check-skipped',
    level: 'warning',
    message: `not judged: ${object}: ${message}`,
    rule: check,
  };
}
