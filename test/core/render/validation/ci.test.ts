import { describe, expect, it, test } from 'vitest';
import { type ValidationSummary } from '../../../../src/lib/core/model/validation.ts';
import { renderValidationJunit } from '../../../../src/lib/core/render/validation/junit.ts';
import { renderValidationMarkdown } from '../../../../src/lib/core/render/validation/markdown.ts';
import { renderValidationSarif } from '../../../../src/lib/core/render/validation/sarif.ts';
import { hasXmllint, junitFaults, xmllintFaults } from '../../../support/junit-schema.ts';
import { needsTool } from '../../../support/missing-tool.ts';
import { runOf, sarifSchema } from '../../../support/sarif-schema.ts';
import { anOutcome, aSummary, SUMMARIES } from '../../../support/validation-builders.ts';
import { allElements, parseXml, type XmlElement } from '../../../support/xml.ts';

const SUMMARY = (name: string): ValidationSummary => {
  const summary = SUMMARIES[name];
  if (summary === undefined) throw new Error(`no summary is called ${name}`);
  return summary;
};

function testsOf(summary: ValidationSummary): XmlElement[] {
  return allElements(parseXml(renderValidationJunit(summary))).filter(
    ({ name }) => name === 'testcase',
  );
}

describe('checks as sarif', () => {
  it.each(Object.entries(SUMMARIES))(
    'of %s are valid by the schema of SARIF 2.1.0',
    (_, summary) => {
      const isValid = sarifSchema();
      const log: unknown = JSON.parse(renderValidationSarif(summary, '1.2.3'));
      expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
    },
  );

  it('have what is wrong as results, and neither passes nor what was skipped', () => {
    const summary = SUMMARY('misconfigured');
    const { results } = runOf(renderValidationSarif(summary, '1.2.3'));
    const wrong = summary.results.filter(({ status }) => status === 'FAIL' || status === 'WARNING');
    expect(results.filter(({ suppressions }) => suppressions.length === 0)).toHaveLength(
      wrong.length,
    );
    expect(results.filter(({ suppressions }) => suppressions.length > 0)).toHaveLength(1);
  });

  it('notify of what was not judged, but of nothing that cannot be there', () => {
    const told = (name: string) =>
      runOf(renderValidationSarif(SUMMARY(name), '1.2.3')).invocations[0]
        ?.toolExecutionNotifications ?? [];
    const skipped = told('incomplete').filter(
      ({ descriptor }) => descriptor.id === 'check-skipped',
    );
    expect(skipped.map(({ message }) => message.text)).toEqual([
      'not judged: system nas1: ZFS snapshots of nas1 could not be read: timed out after 30s',
      'not judged: system nas1: ZFS snapshots of nas1 could not be read: timed out after 30s',
      'not judged: Node worker-91 of cluster prod: the kubelet has not registered any driver yet',
      'not judged: Node worker-92 of cluster prod: the kubelet has not registered any driver yet',
    ]);
    expect(told('healthy')).toEqual([]);
  });

  it('place a failure that is of no object at its cluster or system', () => {
    const outcome = anOutcome({ status: 'FAIL', subject: null, cluster: null, system: 'nas1' });
    const [result] = runOf(renderValidationSarif(aSummary({ results: [outcome] }), '1')).results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('system/nas1');
  });

  it('describe a check as its registry does', () => {
    const outcome = anOutcome({ status: 'WARNING' });
    const { tool, automationDetails } = runOf(
      renderValidationSarif(aSummary({ results: [outcome] }), '1'),
    );
    expect(tool.driver.rules).toMatchObject([
      {
        id: 'default-storage-class',
        name: 'DefaultStorageClass',
        help: {
          text: [
            'At most one StorageClass is the default.',
            'Severity: medium, unless a result says otherwise. Component: storage-class. Category: validation.',
            'What to do about a result is in its message.',
            'What it means, why it happens and how to mend it: docs/rules/default-storage-class.md, which comes with truenas-monitor.',
          ].join('\n\n'),
        },
        properties: { tags: ['validation', 'storage-class'], severity: 'medium' },
      },
    ]);
    expect(automationDetails.id).toBe('truenas-monitor/validate/');
  });
});

describe('checks as junit', () => {
  it.each(Object.entries(SUMMARIES))(
    'of %s have the elements that Jenkins and GitLab read',
    (_, summary) => {
      expect(junitFaults(parseXml(renderValidationJunit(summary)))).toEqual([]);
    },
  );

  test.each(Object.entries(SUMMARIES))(
    'of %s are valid by the schema of Jenkins',
    needsTool('xmllint', hasXmllint()),
    (_, summary) => {
      expect(xmllintFaults(renderValidationJunit(summary))).toBe('');
    },
  );

  it.each(Object.entries(SUMMARIES))('name no two tests of %s alike', (_, summary) => {
    const names = testsOf(summary)
      .filter(({ children }) => !children[0]?.attributes['message']?.startsWith('suppressed'))
      .map(({ attributes }) => `${attributes['classname'] ?? ''} ${attributes['name'] ?? ''}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('are a suite for each component, and a test for each object', () => {
    const { children } = parseXml(renderValidationJunit(SUMMARY('healthy')));
    expect(
      children.map(({ attributes }) => `${attributes['name'] ?? ''} ${attributes['tests'] ?? ''}`),
    ).toEqual([...['scan 2', 'connection 2', 'node 12', 'storage-class 3', 'pool 1', 'nvmeof 1']]);
  });

  it('fail, skip and pass as the checks did', () => {
    const summary = SUMMARY('misconfigured');
    const states = testsOf(summary)
      .filter(({ attributes }) => attributes['classname'] !== 'truenas-monitor.scan')
      .map(({ children }) => children[0]?.name);
    const count = (name: string) => states.filter((state) => state === name).length;
    const wrong = (status: string): number =>
      summary.results.filter((each) => each.status === status).length;
    expect(wrong('WARNING')).toBeGreaterThan(0);
    expect({ failure: count('failure'), passed: count('system-out') }).toEqual({
      failure: wrong('FAIL'),
      passed: wrong('WARNING') + wrong('PASS'),
    });
    // What is not applicable, and what was left alone.
    expect(count('skipped')).toBe(2);
  });

  it('pass with what they say where they only warn, as no pipeline stops for it', () => {
    const outcome = anOutcome({ status: 'WARNING', message: 'two of them', steps: ['Keep one.'] });
    const [, , warned] = testsOf(aSummary({ results: [outcome] }));
    expect(warned?.children.map(({ name }) => name)).toEqual(['system-out']);
    expect(warned?.children[0]?.text.split('\n')).toEqual([
      'warning: two of them',
      'WARNING, medium, id 0123456789abcdef',
      'Expected: At most one StorageClass is the default',
      '1. Keep one.',
      'See docs/rules/default-storage-class.md',
    ]);
  });

  it('show of a failure what was seen, what was expected and what to do', () => {
    const outcome = anOutcome({
      status: 'FAIL',
      severity: 'high',
      message: 'a & b',
      steps: ['Do <it>.'],
    });
    const [, , failed] = testsOf(aSummary({ results: [outcome] }));
    expect(failed?.attributes).toMatchObject({
      name: 'cluster prod',
      classname: 'truenas-monitor.storage-class.default-storage-class',
    });
    expect(failed?.children[0]?.text.split('\n')).toEqual([
      'a & b',
      'FAIL, high, id 0123456789abcdef',
      'Expected: At most one StorageClass is the default',
      '1. Do <it>.',
      'See docs/rules/default-storage-class.md',
    ]);
  });
});

describe('checks as markdown', () => {
  it('list what is wrong, worst first, and fold the passes away', () => {
    const text = renderValidationMarkdown(SUMMARY('misconfigured'));
    const rows = text.split('\n').filter((line) => /^\| [✗!] /.test(line));
    expect(rows).toHaveLength(19);
    expect(rows[0]).toContain('**critical**');
    expect(rows.at(-1)).toContain('| low |');
    expect(text).toContain('<summary>4 passed</summary>');
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
  });

  it('stay below what GitHub takes', () => {
    const results = Array.from({ length: 10_000 }, (_, index) =>
      anOutcome({
        status: 'FAIL',
        message: `failure number ${String(index)}`,
        steps: [`Do ${String(index)}.`],
      }),
    );
    const text = renderValidationMarkdown(aSummary({ results }));
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(text).toMatch(
      /\*\*[\d,]+ results left out for want of room\*\*[^]*\*\*[\d,]+ more sections left out/,
    );
  });
});
