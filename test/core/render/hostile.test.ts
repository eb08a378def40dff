import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { failed, partial } from '../../../src/lib/core/model/coverage.ts';
import { type Report } from '../../../src/lib/core/model/report.ts';
import { renderReport } from '../../../src/lib/core/render/registry.ts';
import { displayWidth } from '../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { toWire } from '../../../src/lib/core/render/wire/orphan-report.ts';
import { hostileText, parseCsv, UNSAFE } from '../../support/hostile-text.ts';
import { publishedSchema } from '../../support/json-schema.ts';
import { junitFaults } from '../../support/junit-schema.ts';
import { sarifSchema } from '../../support/sarif-schema.ts';
import { parseXml } from '../../support/xml.ts';
import {
  aClusterSource,
  aFinding,
  aPvFinding,
  aReport,
  aSkippedRule,
  aSource,
} from '../../support/report-builders.ts';

const text = hostileText;
const labels = fc.dictionary(text, text, { maxKeys: 3 });

/** Every text of a report that somebody else could have chosen. */
const outside = fc.record({
  name: text,
  namespace: text,
  reason: text,
  home: text,
  reference: text,
  storageClass: text,
  version: text,
  detail: text,
  labels,
  annotations: labels,
});

type Outside = typeof outside extends fc.Arbitrary<infer T> ? T : never;

const benign: Outside = {
  name: 'name',
  namespace: 'namespace',
  reason: 'reason',
  home: 'home',
  reference: 'reference',
  storageClass: 'class',
  version: 'version',
  detail: 'detail',
  labels: {},
  annotations: {},
};

function reportOf(of: Outside): Report {
  const { name, namespace, reason, home, labels, annotations } = of;
  const facts = {
    reason,
    labels,
    annotations,
    storageClass: of.storageClass,
    truenasReference: of.reference,
    kubernetesReference: of.reference,
    evidence: [{ check: 'seen', result: 'passed', detail: of.detail }] as const,
    remedy: { action: 'investigate', safe: false, steps: [of.detail], command: of.detail } as const,
  };
  const report = aReport();
  return aReport({
    complete: false,
    sources: [
      aClusterSource('persistentVolumes', 3),
      aSource({ system: home, coverage: failed(reason), count: 0 }),
      aSource({ system: home, name: 'nfsShares', coverage: partial(of.detail), count: 1 }),
    ],
    clusters: report.clusters.map((cluster) => ({ ...cluster, name: home, version: of.version })),
    systems: report.systems.map((system) => ({
      ...system,
      name: home,
      host: of.version,
      version: of.version,
      pools: [name],
    })),
    findings: [
      aFinding({
        ...facts,
        subject: { ...aFinding().subject, location: 'truenas', system: home, name },
      }),
      aPvFinding({
        ...facts,
        subject: {
          ...aPvFinding().subject,
          location: 'kubernetes',
          cluster: home,
          name,
          namespace,
        },
      }),
    ],
    skipped: [
      aSkippedRule({
        system: home,
        because: [aSource({ system: home, coverage: failed(reason) })],
      }),
    ],
    suppressed: [{ finding: aFinding(facts), by: 'property', origin: reason, reason, until: null }],
    warnings: [{ code: 'ignore-unmatched', message: reason }],
  });
}

function render(report: Report, format: string, columns = Number.POSITIVE_INFINITY): string {
  return renderReport(report, format, { columns, palette: plainPalette, version: '1.2.3' });
}

function countLines(output: string): number {
  return output.split('\n').length;
}

function property(claim: (report: Report) => void): void {
  fc.assert(
    fc.property(outside, (of) => {
      claim(reportOf(of));
    }),
    { numRuns: 150 },
  );
}

describe('hostile text', () => {
  it.each([
    'table',
    'wide',
    'json',
    'yaml',
    'csv',
    'name',
    'jsonpath={..*}',
    'sarif',
    'junit',
    'markdown',
  ])('leaves nothing in %s that could act on a terminal or hide in it', (format) => {
    property((report) => {
      const output = render(report, format).replaceAll(format === 'csv' ? '\r\n' : '\n', '');
      expect(UNSAFE.exec(output)).toBeNull();
    });
  });

  it.each([
    'table',
    'wide',
    'csv',
    'junit',
    'markdown',
    'jsonpath={range .findings[*]}{.name}{"\\n"}{end}',
  ])('forges no line of %s', (format) => {
    const expected = countLines(render(reportOf(benign), format));
    property((report) => {
      expect(countLines(render(report, format))).toBe(expected);
    });
  });

  it('forges no object in name', () => {
    property((report) => {
      expect(render(report, 'name').trimEnd().split('\n')).toHaveLength(2);
    });
  });

  it('keeps a table within its columns', () => {
    property((report) => {
      for (const line of render(report, 'table', 80).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(80);
      }
    });
  });

  it('comes back from json as it went in', () => {
    const isValid = publishedSchema('orphan-report');
    property((report) => {
      const read: unknown = JSON.parse(render(report, 'json'));
      expect(read).toEqual(toWire(report));
      expect(isValid(read), JSON.stringify(isValid.errors)).toBe(true);
    });
  });

  it.each(['1.1', '1.2'] as const)(
    'comes back from yaml as it went in, for a reader of YAML %s',
    (version) => {
      property((report) => {
        const wellFormed: unknown = JSON.parse(
          JSON.stringify(toWire(report)).replaceAll(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd'),
        );
        expect(parse(render(report, 'yaml'), { version, merge: true })).toEqual(wellFormed);
      });
    },
  );

  it('makes no sarif that its schema refuses', () => {
    const isValid = sarifSchema();
    property((report) => {
      expect(isValid(JSON.parse(render(report, 'sarif'))), JSON.stringify(isValid.errors)).toBe(
        true,
      );
    });
  });

  it('makes no junit that is not well-formed, or that Jenkins does not read', () => {
    property((report) => {
      expect(junitFaults(parseXml(render(report, 'junit')))).toEqual([]);
    });
  });

  it('writes no markup of its own into markdown', () => {
    property((report) => {
      const output = render(report, 'markdown');
      const ours = /<\/?(?:code|details|summary)>|<!-- -->/g;
      expect(output.replaceAll(ours, '')).not.toMatch(/[<\]\\~]/);
      for (const row of output.split('\n').filter((line) => line.startsWith('|'))) {
        expect(row.split('|')).toHaveLength(9);
      }
    });
  });

  it('never lets a spreadsheet calculate, and keeps every row whole', () => {
    property((report) => {
      const [header = [], ...rows] = parseCsv(render(report, 'csv'));
      expect(rows).toHaveLength(report.findings.length + report.suppressed.length);
      for (const row of rows) {
        expect(row).toHaveLength(header.length);
        for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }
    });
  });
});
