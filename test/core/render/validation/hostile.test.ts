import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { failed } from '../../../../src/lib/core/model/coverage.ts';
import { refInCluster } from '../../../../src/lib/core/model/surroundings.ts';
import {
  type CheckOutcome,
  type ValidationSummary,
} from '../../../../src/lib/core/model/validation.ts';
import { displayWidth } from '../../../../src/lib/core/render/text/columns.ts';
import { plainPalette } from '../../../../src/lib/core/render/text/palette.ts';
import { renderValidation } from '../../../../src/lib/core/render/validation.ts';
import { validationToWire } from '../../../../src/lib/core/render/wire/validation.ts';
import { hostileText, parseCsv, UNSAFE } from '../../../support/hostile-text.ts';
import { publishedSchema } from '../../../support/json-schema.ts';
import { junitFaults } from '../../../support/junit-schema.ts';
import { aFinding, aSource } from '../../../support/report-builders.ts';
import { sarifSchema } from '../../../support/sarif-schema.ts';
import { aConnection, anOutcome, aSummary } from '../../../support/validation-builders.ts';
import { parseXml } from '../../../support/xml.ts';

/** Every text of a summary that somebody else could have chosen. */
interface Outside {
  readonly name: string;
  readonly home: string;
  readonly message: string;
  readonly step: string;
}

const outside = fc.record({
  name: hostileText,
  home: hostileText,
  message: hostileText,
  step: hostileText,
});

const benign: Outside = { name: 'name', home: 'home', message: 'message', step: 'step' };

function summaryOf({ name, home, message, step }: Outside): ValidationSummary {
  const subject = refInCluster('Pod', { cluster: home, name, namespace: home });
  const of = (status: CheckOutcome['status']): CheckOutcome =>
    anOutcome({
      status,
      check: `check-${status.toLowerCase()}`,
      subject,
      cluster: home,
      message: `${message} of ${status}`,
      steps: status === 'PASS' || status === 'SKIPPED' ? [] : [step],
    });
  return aSummary({
    complete: false,
    sources: [aSource({ system: home, coverage: failed(`no ${step}`), count: 0 })],
    clusters: aSummary().clusters.map((cluster) => ({ ...cluster, name: home, version: message })),
    connections: [aConnection({ name: home, host: name })],
    results: [of('FAIL'), of('WARNING'), of('SKIPPED'), of('PASS')],
    suppressed: [
      {
        finding: aFinding({ subject, reason: message }),
        by: 'annotation',
        origin: name,
        reason: step,
        until: null,
      },
    ],
  });
}

function render(
  summary: ValidationSummary,
  format: string,
  columns = Number.POSITIVE_INFINITY,
): string {
  return renderValidation(summary, format, { columns, palette: plainPalette, version: '1.2.3' });
}

function property(claim: (summary: ValidationSummary) => void): void {
  fc.assert(
    fc.property(outside, (of) => {
      claim(summaryOf(of));
    }),
    { numRuns: 100 },
  );
}

describe('hostile text in checks', () => {
  it.each([
    ...['table', 'wide', 'json', 'yaml', 'csv', 'name', 'jsonpath={..*}', 'sarif', 'junit'],
    'markdown',
  ])('leaves nothing in %s that could act on a terminal or hide in it', (format) => {
    property((summary) => {
      const output = render(summary, format).replaceAll(format === 'csv' ? '\r\n' : '\n', '');
      expect(UNSAFE.exec(output)).toBeNull();
    });
  });

  it.each(['table', 'wide', 'csv', 'junit', 'markdown', 'name'])(
    'forges no line of %s',
    (format) => {
      const expected = render(summaryOf(benign), format).split('\n').length;
      property((summary) => {
        expect(render(summary, format).split('\n')).toHaveLength(expected);
      });
    },
  );

  it('keeps a table within its columns', () => {
    property((summary) => {
      for (const line of render(summary, 'table', 80).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(80);
      }
    });
  });

  it('comes back from json and yaml as it went in', () => {
    const isValid = publishedSchema('validation-summary');
    property((summary) => {
      const wire = validationToWire(summary);
      const read: unknown = JSON.parse(render(summary, 'json'));
      expect(read).toEqual(wire);
      expect(isValid(read), JSON.stringify(isValid.errors)).toBe(true);
      const wellFormed: unknown = JSON.parse(
        JSON.stringify(wire).replaceAll(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd'),
      );
      expect(parse(render(summary, 'yaml'))).toEqual(wellFormed);
    });
  });

  it('never lets a spreadsheet calculate', () => {
    property((summary) => {
      const [header = [], ...rows] = parseCsv(render(summary, 'csv'));
      expect(rows).toHaveLength(5);
      for (const row of rows) {
        expect(row).toHaveLength(header.length);
        for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }
    });
  });

  it('makes nothing that the schemas of sarif and junit refuse', () => {
    const isValid = sarifSchema();
    property((summary) => {
      expect(isValid(JSON.parse(render(summary, 'sarif'))), JSON.stringify(isValid.errors)).toBe(
        true,
      );
      expect(junitFaults(parseXml(render(summary, 'junit')))).toEqual([]);
    });
  });

  it('writes no markup of its own into markdown', () => {
    property((summary) => {
      const ours = /<\/?(?:code|details|summary)>|<!-- -->/g;
      expect(render(summary, 'markdown').replaceAll(ours, '')).not.toMatch(/[<\]\\~]/);
    });
  });
});
