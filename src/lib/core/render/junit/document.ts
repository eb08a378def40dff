import { type ScanFacts } from '../../model/report.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { type Millis } from '../../model/units.ts';
import { gapText, groupGaps, homeOf } from '../table/gaps.ts';
import { fullHomeName, objectName } from '../text/labels.ts';
import { xmlDocument, type Element } from './xml.ts';

/** How a test ended. `error` is for what could not be tested, though it should have been. */
export type TestResult =
  | { readonly state: 'passed'; readonly output: readonly string[] }
  | {
      readonly state: 'failure' | 'error';
      readonly message: string;
      readonly type: string;
      /** Lines. GitLab shows these and no message. */
      readonly body: readonly string[];
    }
  | { readonly state: 'skipped'; readonly message: string };

export interface TestCase {
  readonly name: string;
  /** GitLab knows a test by this and its name, Jenkins sorts it below the part before the last full stop. */
  readonly classname: string;
  readonly result: TestResult;
}

export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** Suites below one root, with their sums. Only the scan as a whole took any time. */
export function junitDocument(scan: ScanFacts, suites: readonly TestSuite[]): string {
  const all = [scanSuite(scan), ...suites];
  const cases = all.flatMap(({ cases }) => cases);
  return xmlDocument({
    name: 'testsuites',
    attributes: {
      name: 'truenas-monitor',
      tests: String(cases.length),
      failures: countOf(cases, 'failure'),
      errors: countOf(cases, 'error'),
      time: seconds(scan.duration),
    },
    content: all.map((suite, index) => suiteElement(suite, index === 0 ? scan.duration : 0, scan)),
  });
}

/** An object as the name of a test: the same in every run, and no other's. */
export function testNameOf(subject: ResourceRef): string {
  const { type, discriminator } = subject;
  if (type === 'Cluster' || type === 'System') return fullHomeName(subject);
  const which = discriminator === null ? '' : ` [${discriminator}]`;
  return `${objectName(subject)}${which} of ${fullHomeName(subject)}`;
}

export function numbered(steps: readonly string[]): string[] {
  return steps.map((step, index) => `${String(index + 1)}. ${step}`);
}

/**
 * Whether each side was read whole: a report without any test is refused by Jenkins, and one that shows no failure
 * because nothing could be read would be taken for a good one.
 */
function scanSuite(scan: ScanFacts): TestSuite {
  const groups = groupGaps(scan.sources);
  const homes = new Set([
    ...scan.clusters.map(({ name }) => `cluster ${name}`),
    ...scan.systems.map(({ name }) => `system ${name}`),
    ...scan.sources.map(homeOf),
  ]);
  return {
    name: 'scan',
    cases: Array.from(homes, (home) => {
      const gaps = groups
        .filter((group) => group.home === home)
        .map((group) => gapText(group, scan));
      return {
        name: home === '' ? 'both sides together were read' : `${home} was read`,
        classname: 'truenas-monitor.scan',
        result: scanResult(gaps, scan.complete),
      };
    }),
  };
}

function scanResult(gaps: readonly string[], complete: boolean): TestResult {
  if (gaps.length === 0 || complete) return { state: 'passed', output: gaps };
  return { state: 'error', message: gaps.join('; '), type: 'incomplete', body: gaps };
}

function suiteElement({ name, cases }: TestSuite, time: number, scan: ScanFacts): Element {
  return {
    name: 'testsuite',
    attributes: {
      name,
      tests: String(cases.length),
      failures: countOf(cases, 'failure'),
      errors: countOf(cases, 'error'),
      skipped: countOf(cases, 'skipped'),
      timestamp: scan.takenAt.toISOString(),
      time: seconds(time),
    },
    content: cases.map(caseElement),
  };
}

function caseElement({ name, classname, result }: TestCase): Element {
  return {
    name: 'testcase',
    attributes: { name, classname, time: seconds(0) },
    content: resultElements(result),
  };
}

function resultElements(result: TestResult): Element[] {
  switch (result.state) {
    case 'passed':
      return result.output.length === 0
        ? []
        : [{ name: 'system-out', attributes: {}, content: result.output }];
    case 'skipped':
      return [{ name: 'skipped', attributes: { message: result.message }, content: [] }];
    case 'failure':
    case 'error':
      return [
        {
          name: result.state,
          attributes: { message: result.message, type: result.type },
          content: result.body,
        },
      ];
  }
}

function countOf(cases: readonly TestCase[], state: TestResult['state']): string {
  return String(cases.filter(({ result }) => result.state === state).length);
}

function seconds(span: Millis | number): string {
  return (span / 1000).toFixed(3);
}
