import { describe, expect, it } from 'vitest';
import { SECTION_IDS } from '../../../../src/lib/core/model/document.ts';
import { type FullReport } from '../../../../src/lib/core/model/full-report.ts';
import { csvTables, mainTable } from '../../../../src/lib/core/render/document/csv.ts';
import { anAnalysis, aVolumeAnalysis } from '../../../support/analysis-builders.ts';
import { aFullReport, FULL_REPORTS } from '../../../support/full-report-builders.ts';
import { expectGolden } from '../../../support/golden.ts';
import { parseCsv } from '../../../support/hostile-text.ts';

const ALL = csvTables({ sections: null, compared: true });
const { rich = aFullReport() } = FULL_REPORTS;

function render(name: string, full: FullReport): string {
  return ALL.find((table) => table.name === name)?.render(full) ?? '';
}

describe('the tables of a report as CSV', () => {
  it.each(ALL.map(({ name }) => name))('has the table %s', (name) => {
    expectGolden(render(name, rich), 'report-csv', `${name}.csv`);
  });

  it('has a header even where a table has no row', () => {
    for (const { name, render: table } of ALL) {
      const [header = [], ...rows] = parseCsv(table(aFullReport()));
      expect(header.length, name).toBeGreaterThan(3);
      for (const row of rows) expect(row, name).toHaveLength(header.length);
    }
  });

  it('never leaves a row out', () => {
    const volumes = Array.from({ length: 2_500 }, (_, index) =>
      aVolumeAnalysis({ volume: `pvc-${String(index)}` }),
    );
    const full = aFullReport({ analysis: anAnalysis({ volumes }) });
    expect(parseCsv(render('volumes', full))).toHaveLength(2_501);
  });

  it('has the comparison only where something is compared', () => {
    const names = csvTables({ sections: ['changes'], compared: false }).map(({ name }) => name);
    expect(names).toEqual(['changes']);
    expect(csvTables({ sections: ['changes'], compared: true })).toHaveLength(2);
  });

  it('has tables of the sections that were asked for alone', () => {
    for (const section of SECTION_IDS) {
      for (const table of csvTables({ sections: [section], compared: true })) {
        expect(table.section).toBe(section);
      }
    }
  });

  it('means the findings where there is room for one', () => {
    expect(mainTable().name).toBe('findings');
  });
});
