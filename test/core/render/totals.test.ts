import { expect, test } from 'vitest';
import { totalLines } from '../../../src/lib/core/render/table/totals.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aReport } from '../../support/report-builders.ts';

test('nothing found is an all-clear only where nothing was hidden', () => {
  const say = (over: Parameters<typeof aReport>[0]): string =>
    totalLines(aReport(over), 200, plainPalette).join(' ');
  expect(say({})).toContain('nothing that was looked at is orphaned');
  expect(say({ filteredOut: 13 })).toBe('No findings match the filter; 13 findings outside it.');
  expect(say({ complete: false, filteredOut: 13 })).toContain('no clean bill');
});
