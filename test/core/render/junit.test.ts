import { describe, expect, it, test } from 'vitest';
import { type Report } from '../../../src/lib/core/model/report.ts';
import { renderJunit } from '../../../src/lib/core/render/junit.ts';
import { hasXmllint, junitFaults, xmllintFaults } from '../../support/junit-schema.ts';
import { needsTool } from '../../support/missing-tool.ts';
import { aFinding, aReport, REPORTS } from '../../support/report-builders.ts';
import { allElements, parseXml, type XmlElement } from '../../support/xml.ts';

function elementsOf(report: Report, name: string): XmlElement[] {
  return allElements(parseXml(renderJunit(report))).filter((each) => each.name === name);
}

describe('junit', () => {
  it.each(Object.entries(REPORTS))(
    'of %s has the elements that Jenkins and GitLab read',
    (_, report) => {
      expect(junitFaults(parseXml(renderJunit(report)))).toEqual([]);
    },
  );

  test.each(Object.entries(REPORTS))(
    'of %s is valid by the schema of Jenkins',
    needsTool('xmllint', hasXmllint()),
    (_, report) => {
      expect(xmllintFaults(renderJunit(report))).toBe('');
    },
  );

  it.each(Object.entries(REPORTS))('counts in %s what is there', (_, report) => {
    const document = parseXml(renderJunit(report));
    for (const element of allElements(document)) {
      if (!/^testsuites?$/.test(element.name)) continue;
      const inside = allElements(element);
      const count = (name: string): string =>
        String(inside.filter((each) => each.name === name).length);
      expect(element.attributes).toMatchObject({
        tests: count('testcase'),
        failures: count('failure'),
        errors: count('error'),
        ...(element.name === 'testsuite' && { skipped: count('skipped') }),
      });
    }
    const times = document.children.map(({ attributes }) => Number(attributes['time']));
    expect(times.reduce((sum, time) => sum + time, 0)).toBe(Number(document.attributes['time']));
  });

  it.each(Object.entries(REPORTS))(
    'names no two tests of %s alike: GitLab keeps the first alone',
    (_, report) => {
      const names = elementsOf(report, 'testcase').map(({ attributes }) =>
        [attributes['classname'], attributes['name']].join(' '),
      );
      const repeated = names.filter((name, at) => names.indexOf(name) !== at);
      // The same finding twice is what the builders make up.
      expect(repeated.filter((name) => !name.includes('pvc-6f1d2c9e'))).toEqual([]);
    },
  );

  it('has a test even where nothing was found: Jenkins refuses a report without', () => {
    expect(elementsOf(aReport(), 'testcase').map(({ attributes }) => attributes['name'])).toEqual([
      'cluster prod was read',
      'system nas1 was read',
    ]);
    expect(elementsOf(aReport(), 'error')).toEqual([]);
  });

  it('is no clean result where a side could not be read', () => {
    const errors = elementsOf(REPORTS['nothing-read'] ?? aReport(), 'error');
    expect(errors.map(({ attributes }) => attributes['message'])).toEqual([
      'system nas1: nothing could be read: nas1.example refused the connection',
    ]);
  });

  it('shows of a failure the fact, how bad it is and what to do', () => {
    const [failure] = elementsOf(aReport({ findings: [aFinding()] }), 'failure');
    expect(failure?.attributes).toEqual({
      message: 'no PersistentVolume in any registered cluster refers to this dataset',
      type: 'high',
    });
    expect(failure?.text.split('\n')).toEqual([
      'no PersistentVolume in any registered cluster refers to this dataset',
      'high, certain, id 6f0c1d2e3a4b5c6d',
      '1.5 GiB reclaimable',
      '1. Disable the share of the dataset and wait.',
      '2. Destroy the dataset.',
      'See docs/rules/dataset-unclaimed.md',
    ]);
  });

  it('passes what is only worth knowing, and says it', () => {
    const report = aReport({ findings: [aFinding({ severity: 'info' })] });
    expect(elementsOf(report, 'failure')).toEqual([]);
    expect(elementsOf(report, 'system-out')[0]?.text).toContain('info, certain');
  });

  it('skips what could not be judged and what was left alone, and says why', () => {
    const messages = elementsOf(REPORTS['findings'] ?? aReport(), 'skipped').map(
      ({ attributes }) => attributes['message'],
    );
    expect(messages).toEqual([
      'suppressed: kept for the audit (configuration ignore[0], until 2027-01-01 00:00:00 UTC)',
      'not applicable: cluster prod: volume snapshot contents not_applicable: snapshot CRDs are not installed',
    ]);
  });

  it('tells apart two exports of one path', () => {
    const share = (discriminator: string) =>
      aFinding({
        subject: { ...aFinding().subject, type: 'NfsShare', name: '/mnt/a', discriminator },
      });
    const report = aReport({ findings: [share('1'), share('2')] });
    const names = elementsOf(report, 'testcase').map(({ attributes }) => attributes['name']);
    expect(names.slice(2)).toEqual([
      'nfsshare//mnt/a [1] of system nas1',
      'nfsshare//mnt/a [2] of system nas1',
    ]);
  });

  it('spells out what XML has no character for', () => {
    const reason = 'nul\u0000 \ufffe \uffff \ud800 & <b> "q" ]]> \u{1f600}';
    const [failure] = elementsOf(aReport({ findings: [aFinding({ reason })] }), 'failure');
    expect(failure?.attributes['message']).toBe(
      'nul\\x00 \\ufffe \\uffff \\ud800 & <b> "q" ]]> \u{1f600}',
    );
  });
});
