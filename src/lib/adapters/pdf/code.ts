import type { Content } from 'pdfmake';
import { paint, type Sheet } from './sheet.ts';

/** Lines as they are, on a ground of their own; no fixed-width font is embedded. */
export function code(text: string, { letters }: Sheet): Content {
  const lines = text.split(/\r?\n/).map((line) => letters.line(line.replaceAll('\t', '    ')));
  return {
    table: {
      widths: ['*'],
      body: [[{ text: lines.join('\n'), preserveLeadingSpaces: true, fillColor: paint('code') }]],
    },
    layout: {
      defaultBorder: false,
      paddingLeft: () => 7,
      paddingRight: () => 7,
      paddingTop: () => 4,
      paddingBottom: () => 4,
    },
    fontSize: 8.5,
    margin: [0, 2, 0, 8],
  };
}
