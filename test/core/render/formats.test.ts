import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/lib/core/model/errors.ts';
import { FORMATS, parseFormat, renderReport } from '../../../src/lib/core/render/registry.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aReport } from '../../support/report-builders.ts';

function usageErrorOf(format: string): UsageError {
  try {
    parseFormat(format);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`${format} was accepted`);
}

describe('output formats', () => {
  it('are each described in one line and rendered', () => {
    for (const { name, description } of FORMATS) {
      expect(description).toMatch(/^[^\n]{10,80}$/);
      const format = name === 'jsonpath' ? 'jsonpath={.kind}' : name;
      const options = { columns: 80, palette: plainPalette, version: '1.2.3' };
      expect(renderReport(aReport(), format, options)).toMatch(/^(?:[\s\S]*\n)?$/);
    }
  });

  it('ask what was meant by a slip', () => {
    const error = usageErrorOf('jsno');
    expect(error.message).toBe('unknown output format "jsno"');
    expect(error.remediation).toEqual([
      'Did you mean -o json?',
      'Use one of table, wide, json, yaml, csv, name, jsonpath, sarif, junit, markdown.',
    ]);
  });

  it('guess nothing where no name is near', () => {
    expect(usageErrorOf('spreadsheet').remediation).toHaveLength(1);
  });

  it('take no argument but for jsonpath', () => {
    expect(usageErrorOf('json=x').message).toBe('unknown output format "json=x"');
    expect(usageErrorOf('json=').message).toBe('unknown output format "json="');
  });

  it.each(['jsonpath', 'jsonpath='])('say that %s lacks its template', (format) => {
    expect(usageErrorOf(format).message).toBe('output format jsonpath needs a template');
  });

  it('find a broken template before anything is scanned', () => {
    expect(usageErrorOf('jsonpath={.findings[').message).toMatch(/^invalid jsonpath template/);
  });

  it('keep an equals sign that belongs to the template', () => {
    const format = 'jsonpath={.clusters[?(@.name=="prod")].version}';
    expect(
      renderReport(aReport(), format, { columns: 80, palette: plainPalette, version: '1.2.3' }),
    ).toBe('v1.35.2\n');
  });
});
