import type { Content, TableCell } from 'pdfmake';
import { type Figure } from '../../core/model/document.ts';
import { toneWord } from '../../core/render/document/tone-words.ts';
import { paint, reserve, type Sheet, tonePaint } from './sheet.ts';

const PER_ROW = 4;
const PADDING = 8;
/** A tile of more letters than this is broken rather than lost. */
const LONG_TILE = 400;

function tile({ label, value, tone, detail }: Figure, { letters }: Sheet): TableCell {
  const { of, on } = tonePaint(tone);
  const word = toneWord(tone, value);
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
    while (row.length < PER_ROW) row.push({ text: '', border: [false, false, false, false] });
    rows.push(row);
  }
  if (rows.length === 0) return [];
  const isLong = items.some((each) => each.value.length + each.detail.length > LONG_TILE);
  return [
    reserve(70),
    {
      table: {
        dontBreakRows: !isLong,
        widths: Array.from({ length: PER_ROW }, () => sheet.width / PER_ROW - 2 * PADDING - 1),
        body: rows,
      },
      layout: {
        hLineWidth: () => 0.75,
        vLineWidth: () => 0.75,
        paddingLeft: () => PADDING,
        paddingRight: () => PADDING,
        paddingTop: () => 6,
        paddingBottom: () => 6,
      },
      margin: [0, 0, 0, 12],
    },
  ];
}
