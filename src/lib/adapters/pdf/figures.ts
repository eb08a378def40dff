import type { Content, TableCell } from 'pdfmake';
import { type Figure } from '../../core/model/document.ts';
import { TONE_WORDS } from '../../core/render/document/tone-words.ts';
import { paint, reserve, type Sheet, tonePaint } from './sheet.ts';

const PER_ROW = 4;

function tile({ label, value, tone, detail }: Figure, { letters }: Sheet): TableCell {
  const { of, on } = tonePaint(tone);
  const word = TONE_WORDS[tone];
  const tag =
    word === ''
      ? []
      : [{ text: ` ${word} `, fontSize: 7.5, bold: true, color: of, background: on }];
  return {
    stack: [
      { text: letters.line(label), fontSize: 8, color: paint('muted') },
      { text: letters.line(value), fontSize: 15, bold: true, margin: [0, 1, 0, 1] },
      ...(detail === ''
        ? []
        : [{ text: letters.line(detail), fontSize: 8, color: paint('muted') }]),
      ...tag.map((text) => ({
        text: [text],
        margin: [0, 3, 0, 0] as [number, number, number, number],
      })),
    ],
    borderColor: [paint('line'), of, paint('line'), paint('line')],
  };
}

/** Tiles in rows, each with a word for its tone. */
export function figures(items: readonly Figure[], sheet: Sheet): readonly Content[] {
  const rows: TableCell[][] = [];
  for (let first = 0; first < items.length; first += PER_ROW) {
    const row = items.slice(first, first + PER_ROW).map((each) => tile(each, sheet));
    while (row.length < PER_ROW)
      row.push({ text: '', border: [row.length > 0, false, false, false] });
    rows.push(row);
  }
  if (rows.length === 0) return [];
  return [
    reserve(70),
    {
      table: { widths: Array.from({ length: PER_ROW }, () => '*'), body: rows },
      layout: {
        hLineWidth: () => 0.75,
        vLineWidth: () => 0.75,
        paddingLeft: () => 8,
        paddingRight: () => 8,
        paddingTop: () => 6,
        paddingBottom: () => 6,
      },
      margin: [0, 0, 0, 12],
    },
  ];
}
