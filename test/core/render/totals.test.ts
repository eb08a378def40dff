import { expect, test } from 'vitest';
import { totalLines } from '../../../src/lib/core/render/table/totals.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aFinding, aReport } from '../../support/report-builders.ts';

test('nothing found is an all-clear only where nothing was hidden', () => {
  const say = (over: Parameters<typeof aReport>[0]): string =>
    totalLines(aReport(over), 200, plainPalette).join(' ');
  expect(say({})).toContain('nothing that was looked at is orphaned');
  expect(say({ filteredOut: 13 })).toBe('No findings match the filter; 13 findings outside it.');
  expect(say({ complete: false, filteredOut: 13 })).toContain('no clean bill');
});

test('each number says what it counts', () => {
  const report = aReport();
  const summary = {
    ...report.summary,
    totalOrphans: 17,
    certainOrphans: 14,
    reclaimable: bytes(5 << 20),
  };
  const said = totalLines({ ...report, findings: [aFinding()], summary }, 200, plainPalette);
  expect(said[1]).toBe('17 orphaned objects (14 certain); 5 MiB reclaimable by certain findings.');
});

test('what clean-up can deal with is counted, with the command that changes nothing', () => {
  const remedy = (command: string | null) => ({ remedy: { ...aFinding().remedy, command } });
  const findings = [
    aFinding(remedy('truenas-monitor cleanup plan --finding 0123456789abcdef')),
    aFinding(remedy('truenas-monitor cleanup adopt tank/k8s/pvc-1')),
    aFinding(remedy(null)),
  ];
  const said = totalLines(aReport({ findings }), 200, plainPalette);
  expect(said.at(-1)).toBe(
    'Clean-up can deal with 1 of them: truenas-monitor cleanup plan says how.',
  );
});
