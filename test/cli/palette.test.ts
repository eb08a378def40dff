import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { colorPalette } from '../../src/lib/cli/palette.ts';
import { renderReport } from '../../src/lib/core/render/registry.ts';
import { plainPalette } from '../../src/lib/core/render/text/palette.ts';
import { REPORTS } from '../support/report-builders.ts';

describe.each(Object.keys(REPORTS))('the report "%s"', (name) => {
  test.each([80, 200])('says the same with colours as without, %i columns wide', (columns) => {
    const report = REPORTS[name];
    if (report === undefined) throw new Error(name);
    const colored = renderReport(report, 'table', {
      columns,
      palette: colorPalette(),
      version: '1.2.3',
    });
    const plain = renderReport(report, 'table', {
      columns,
      palette: plainPalette,
      version: '1.2.3',
    });
    expect(colored).not.toBe(plain);
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });
});
