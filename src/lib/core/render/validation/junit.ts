import { type SuppressedFinding } from '../../model/report.ts';
import { type CheckOutcome, type ValidationSummary } from '../../model/validation.ts';
import {
  junitDocument,
  numbered,
  testNameOf,
  type TestCase,
  type TestResult,
} from '../junit/document.ts';
import { rulePage } from '../rule-page.ts';
import { formatInstant } from '../text/format.ts';
import { placeOf } from './labels.ts';
import { outcomeOf } from './suppressed.ts';

/**
 * Checks as tests: a suite for each component, a test for each object a check looked at. A warning is no failure, as it stops no
 * pipeline; what it says is in its output.
 */
export function renderValidationJunit(summary: ValidationSummary): string {
  const tests = [
    ...summary.results.map((outcome) => ({ outcome, result: resultOf(outcome) })),
    ...summary.suppressed.map((each) => ({
      outcome: outcomeOf(each.finding),
      result: suppressedResult(each),
    })),
  ];
  const suites = [...Map.groupBy(tests, ({ outcome }) => outcome.component)].map(
    ([name, members]) => ({
      name,
      cases: members.map(({ outcome, result }) => testOf(outcome, result)),
    }),
  );
  return junitDocument(summary, suites);
}

function testOf(outcome: CheckOutcome, result: TestResult): TestCase {
  return {
    name: outcome.subject === null ? placeOf(outcome) : testNameOf(outcome.subject),
    classname: `truenas-monitor.${outcome.component}.${outcome.check}`,
    result,
  };
}

function resultOf(outcome: CheckOutcome): TestResult {
  const { status, message, severity, notApplicable } = outcome;
  switch (status) {
    case 'PASS':
      return { state: 'passed', output: [message] };
    case 'SKIPPED':
      return {
        state: 'skipped',
        message: `${notApplicable ? 'not applicable' : 'not judged'}: ${message}`,
      };
    case 'WARNING':
      return { state: 'passed', output: [`warning: ${message}`, ...adviceOf(outcome)] };
    case 'FAIL':
      return {
        state: 'failure',
        message,
        type: severity,
        body: [message, ...adviceOf(outcome)],
      };
  }
}

function adviceOf({ status, severity, id, title, steps, check }: CheckOutcome): string[] {
  return [
    `${status}, ${severity}, id ${id}`,
    `Expected: ${title}`,
    ...numbered(steps),
    `See ${rulePage(check)}`,
  ];
}

function suppressedResult({ by, origin, reason, until }: SuppressedFinding): TestResult {
  const end = until === null ? '' : `, until ${formatInstant(until)}`;
  return { state: 'skipped', message: `suppressed: ${reason} (${by} ${origin}${end})` };
}
