import { describe, expect, it } from 'vitest';
import { renderAnalysis } from '../../../../src/lib/core/render/analysis.ts';
import { displayWidth } from '../../../../src/lib/core/render/text/columns.ts';
import { plainPalette, type Palette } from '../../../../src/lib/core/render/text/palette.ts';
import { expectGolden } from '../../../support/golden.ts';
import { ANALYSES } from '../../../support/sample-analysis.ts';

const formats = [
  { format: 'table', columns: 80, folder: 'table-80' },
  { format: 'table', columns: 200, folder: 'table-200' },
  { format: 'wide', columns: 80, folder: 'wide' },
  { format: 'json', columns: 80, folder: 'json' },
  { format: 'yaml', columns: 80, folder: 'yaml' },
  { format: 'csv', columns: 80, folder: 'csv' },
  { format: 'name', columns: 80, folder: 'name' },
  { format: 'markdown', columns: 80, folder: 'markdown' },
];

/** Shows where colour goes. */
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

const options = { columns: 80, palette: plainPalette, top: 6, blocks: true };
const analyses = Object.entries(ANALYSES);

describe.each(formats)('$folder', ({ format, columns, folder }) => {
  it.each(analyses)('prints %s as its golden file has it', (name, analysis) => {
    expectGolden(
      renderAnalysis(analysis, format, { ...options, columns }),
      'analysis',
      folder,
      `${name}.txt`,
    );
  });
});

describe('the table of an analysis', () => {
  it.each([80, 200])('is dressed at %i columns as its golden file has it', (columns) => {
    const output = renderAnalysis(ANALYSES['sample'], 'table', {
      ...options,
      columns,
      palette: tagged,
    });
    expectGolden(output, 'analysis', `colour-${String(columns)}`, 'sample.txt');
  });

  it('is drawn without blocks where the terminal has none', () => {
    const output = renderAnalysis(ANALYSES['sample'], 'table', { ...options, blocks: false });
    expect(output).not.toMatch(/[▁▂▃▄▅▆▇█░]/);
    expectGolden(output, 'analysis', 'ascii', 'sample.txt');
  });

  it('shows what jsonpath asks for', () => {
    const format = 'jsonpath={.capacity_forecast.pool} {.pools[*].forecast.days_until_full}';
    expect(renderAnalysis(ANALYSES['sample'], format, options)).toBe('tank 47  \n');
  });

  it.each(analyses)('never says by colour alone what %s holds', (_, analysis) => {
    for (const format of ['table', 'wide']) {
      const colourful = renderAnalysis(analysis, format, { ...options, palette: tagged });
      const plain = renderAnalysis(analysis, format, options);
      expect(colourful).not.toBe(plain);
      expect(colourful.replaceAll(/<[a-z]*>|<\/>/g, '')).toBe(plain);
    }
  });

  it.each([40, 50, 60, 72, 80, 99, 100, 132, 160, 240])(
    'keeps every line within %i columns',
    (columns) => {
      for (const [, analysis] of analyses) {
        const output = renderAnalysis(analysis, 'table', { ...options, columns });
        expect(output.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
      }
    },
  );

  it('says something at any width', () => {
    const output = renderAnalysis(ANALYSES['sample'], 'table', { ...options, columns: 5 });
    expect(output).toContain('tank');
  });
});
