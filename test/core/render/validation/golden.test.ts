import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../../src/lib/core/render/text/columns.ts';
import { plainPalette, type Palette } from '../../../../src/lib/core/render/text/palette.ts';
import { renderValidation } from '../../../../src/lib/core/render/validation.ts';
import { expectGolden } from '../../../support/golden.ts';
import { SUMMARIES } from '../../../support/validation-builders.ts';

const version = '1.2.3';

const formats = [
  { format: 'table', columns: 80, folder: 'validation-table-80' },
  { format: 'table', columns: 200, folder: 'validation-table-200' },
  { format: 'wide', columns: 80, folder: 'validation-wide' },
  { format: 'json', columns: 80, folder: 'validation-json' },
  { format: 'yaml', columns: 80, folder: 'validation-yaml' },
  { format: 'csv', columns: 80, folder: 'validation-csv' },
  { format: 'name', columns: 80, folder: 'validation-name' },
  { format: 'sarif', columns: 80, folder: 'validation-sarif' },
  { format: 'junit', columns: 80, folder: 'validation-junit' },
  { format: 'markdown', columns: 80, folder: 'validation-markdown' },
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
  it.each(Object.entries(SUMMARIES))('prints %s as its golden file has it', (name, summary) => {
    const output = renderValidation(summary, format, { columns, palette: plainPalette, version });
    expectGolden(output, folder, `${name}.txt`);
  });
});

describe('the table of checks', () => {
  it.each(Object.entries(SUMMARIES))('never says by colour alone what %s holds', (_, summary) => {
    for (const format of ['table', 'wide']) {
      const colourful = renderValidation(summary, format, {
        columns: 100,
        palette: tagged,
        version,
      });
      const plain = renderValidation(summary, format, {
        columns: 100,
        palette: plainPalette,
        version,
      });
      expect(colourful).not.toBe(plain);
      expect(colourful.replaceAll(/<[a-z]*>|<\/>/g, '')).toBe(plain);
    }
  });

  it.each([40, 50, 60, 72, 80, 100, 132, 160, 240])(
    'keeps every line within %i columns',
    (columns) => {
      for (const summary of Object.values(SUMMARIES)) {
        const output = renderValidation(summary, 'table', {
          columns,
          palette: plainPalette,
          version,
        });
        expect(output.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
      }
    },
  );
});
