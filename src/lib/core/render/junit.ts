import { type Finding } from '../model/finding.ts';
import { type Report, type SkippedRule, type SuppressedFinding } from '../model/report.ts';
import { RULES } from '../rules/registry.ts';
import {
  junitDocument,
  numbered,
  testNameOf,
  type TestCase,
  type TestResult,
} from './junit/document.ts';
import { rulePage } from './rule-page.ts';
import { homeOf } from './table/gaps.ts';
import { isNotApplicable, skippedTexts } from './table/skipped.ts';
import { objectionText } from './text/doubt.ts';
import { formatBytes, formatInstant } from './text/format.ts';

/**
 * Findings as tests: a suite for each rule that found something or could not be judged, a test for each object. What
 * is only worth knowing passes, and what somebody said to leave alone is skipped.
 */
export function renderJunit(report: Report): string {
  const cases = [
    ...report.findings.map((finding) => ({ rule: finding.rule, test: testOf(finding) })),
    ...report.suppressed.map((each) => ({ rule: each.finding.rule, test: suppressedTest(each) })),
    ...report.skipped.map((each) => ({ rule: each.rule, test: skippedTest(each) })),
  ];
  const suites = [...Map.groupBy(cases, ({ rule }) => rule)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => ({ name, cases: members.map(({ test }) => test) }));
  return junitDocument(report, suites);
}

function classOf(rule: string): string {
  const category = RULES.find(({ id }) => id === rule)?.category ?? 'orphan';
  return `truenas-monitor.${category}.${rule}`;
}

function testOf(finding: Finding): TestCase {
  return {
    name: testNameOf(finding.subject),
    classname: classOf(finding.rule),
    result: resultOf(finding),
  };
}

function resultOf(finding: Finding): TestResult {
  const { severity, confidence, reason, doubt, reclaimable, remedy, rule, id } = finding;
  const body = [
    reason,
    `${severity}, ${confidence}, id ${id}`,
    ...(doubt === null ? [] : [`likely: ${objectionText(doubt)}`]),
    ...(reclaimable === 0 ? [] : [`${formatBytes(reclaimable)} reclaimable`]),
    ...numbered(remedy.steps),
    `See ${rulePage(rule)}`,
  ];
  return severity === 'info'
    ? { state: 'passed', output: body }
    : { state: 'failure', message: reason, type: severity, body };
}

function suppressedTest({ finding, by, origin, reason, until }: SuppressedFinding): TestCase {
  const end = until === null ? '' : `, until ${formatInstant(until)}`;
  return {
    name: testNameOf(finding.subject),
    classname: classOf(finding.rule),
    result: { state: 'skipped', message: `suppressed: ${reason} (${by} ${origin}${end})` },
  };
}

function skippedTest(skipped: SkippedRule): TestCase {
  const why = isNotApplicable(skipped) ? 'not applicable' : 'not judged';
  return {
    name: homeOf(skipped),
    classname: classOf(skipped.rule),
    result: { state: 'skipped', message: `${why}: ${skippedTexts(skipped).join('; ')}` },
  };
}
