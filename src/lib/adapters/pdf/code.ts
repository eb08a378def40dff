import type { Content } from 'pdfmake';
import { paint, type Sheet } from './sheet.ts';

const PADDING = 7;

/** Lines as they are, on a ground of their own; no fixed-width font is embedded. */
export function code(text: string, { letters, width }: Sheet): Content {
  const lines = text.split(/\r?\n/).map((line) => letters.line(line.replaceAll('\t', '    ')));
  return {
    table: {
      widths: [width - 2 * PADDING],
      body: [
        [
          {
            text: lines.join('\n'),
            preserveLeadingSpaces: true,
            characterSpacing: 0.25,
            fillColor: paint('code'),
          },
        ],
      ],
    },
    layout: {
      defaultBorder: false,
      paddingLeft: () => PADDING,
      paddingRight: () => PADDING,
      paddingTop: () => 4,
      paddingBottom: () => 4,
    },
    fontSize: 8.5,
    margin: [0, 2, 0, 8],
  };
}
