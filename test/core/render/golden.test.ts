import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../src/lib/core/render/registry.ts';
import { displayWidth } from '../../../src/lib/core/render/text/columns.ts';
import { plainPalette, type Palette } from '../../../src/lib/core/render/text/palette.ts';
import { expectGolden } from '../../support/golden.ts';
import { aReport, REPORTS } from '../../support/report-builders.ts';

const formats = [
  { format: 'table', columns: 80, folder: 'table-80' },
  { format: 'table', columns: 120, folder: 'table-120' },
  { format: 'table', columns: 200, folder: 'table-200' },
  { format: 'table', columns: Number.POSITIVE_INFINITY, folder: 'table-pipe' },
  { format: 'wide', columns: 80, folder: 'wide' },
  { format: 'json', columns: 80, folder: 'json' },
  { format: 'yaml', columns: 80, folder: 'yaml' },
  { format: 'csv', columns: 80, folder: 'csv' },
  { format: 'name', columns: 80, folder: 'name' },
  { format: 'sarif', columns: 80, folder: 'sarif' },
  { format: 'junit', columns: 80, folder: 'junit' },
  { format: 'markdown', columns: 80, folder: 'markdown' },
];

/** Shows where colour would go. */
const tagged: Palette = {
  severity: {
    critical: (text) => `<critical>${text}</>`,
    high: (text) => `<high>${text}</>`,
    medium: (text) => `<medium>${text}</>`,
    low: (text) => `<low>${text}</>`,
    info: (text) => `<info>${text}</>`,
  },
  heading: (text) => `<heading>${text}</>`,
  warning: (text) => `<warning>${text}</>`,
  good: (text) => `<good>${text}</>`,
  dim: (text) => `<dim>${text}</>`,
};

describe.each(formats)('$folder', ({ format, columns, folder }) => {
  it.each(Object.entries(REPORTS))('prints %s as its golden file has it', (name, report) => {
    const output = renderReport(report, format, {
      columns,
      palette: plainPalette,
      version: '1.2.3',
    });
    expectGolden(output, folder, `${name}.txt`);
  });
});

describe('table', () => {
  it.each(Object.entries(REPORTS))('never says by colour alone what %s holds', (_, report) => {
    for (const format of ['table', 'wide']) {
      const colourful = renderReport(report, format, {
        columns: 100,
        palette: tagged,
        version: '1.2.3',
      });
      const plain = renderReport(report, format, {
        columns: 100,
        palette: plainPalette,
        version: '1.2.3',
      });
      expect(colourful).not.toBe(plain);
      expect(colourful.replaceAll(/<[a-z]*>|<\/>/g, '')).toBe(plain);
    }
  });

  it.each([40, 50, 60, 72, 80, 100, 132, 160, 240])(
    'keeps every line within %i columns',
    (columns) => {
      for (const report of Object.values(REPORTS)) {
        const output = renderReport(report, 'table', {
          columns,
          palette: plainPalette,
          version: '1.2.3',
        });
        const overlong = output.split('\n').filter((line) => displayWidth(line) > columns);
        expect(overlong).toEqual([]);
      }
    },
  );

  it('shows the id of what it cuts the name of, so that it can be explained', () => {
    const findings = REPORTS['findings']?.findings ?? [];
    const render = (columns: number): string =>
      renderReport(aReport({ findings }), 'table', {
        columns,
        palette: plainPalette,
        version: '1.2.3',
      });
    const [, cut, whole] = findings.map(({ id }) => id);
    expect(render(80)).toContain(`\n    ${cut ?? ''} dataset-unclaimed: `);
    expect(render(80)).not.toContain(whole);
    expect(render(240)).not.toContain(cut);
  });

  it('says why a finding is only likely, and nothing more of one that is certain', () => {
    const findings = REPORTS['findings']?.findings ?? [];
    const lines = renderReport(aReport({ findings }), 'table', {
      columns: 240,
      palette: plainPalette,
      version: '1.2.3',
    }).split('\n');
    const said = lines.filter((line) => line.startsWith('    likely: '));
    expect(said).toEqual([
      '    likely: suspect-for-long not known: seen for the first time; it counts after 1d',
    ]);
    expect(lines[lines.indexOf(said[0] ?? '') - 1]).toContain('pvc-lost');
  });

  it('still says what was found where no layout fits', () => {
    const { findings } = REPORTS;
    if (findings === undefined) throw new Error('the report is missing');
    const output = renderReport(findings, 'table', {
      columns: 12,
      palette: plainPalette,
      version: '1.2.3',
    });
    expect(output).toContain('critical  certain');
  });
});
