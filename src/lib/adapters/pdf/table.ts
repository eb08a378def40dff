import type { Content, TableCell } from 'pdfmake';
import { type Cell, type Column, type TableBlock } from '../../core/model/document.ts';
import { omittedText } from '../../core/render/document/omitted.ts';
import { TONE_WORDS } from '../../core/render/document/tone-words.ts';
import { displayWidth } from '../../core/render/text/columns.ts';
import { below, paint, reserve, type Sheet, tonePaint } from './sheet.ts';

const SIZE = 8;
const PADDING = 5;
/** Average width of a letter. */
const LETTER = SIZE * 0.56;
const NARROW = 78;
/** A row with more letters than this in a cell is broken rather than lost. */
const LONG_CELL = 900;

function shownText({ text, tone }: Cell): string {
  const word = TONE_WORDS[tone];
  return word === '' ? text : `${text} ${word}`;
}

/** What a column would take if it had all the room there is. */
function naturalWidth(column: Column, cells: readonly (Cell | undefined)[]): number {
  const letters = cells.map((cell) => (cell === undefined ? 0 : displayWidth(shownText(cell))));
  const widest = letters.reduce((most, width) => Math.max(most, width), 0);
  return Math.max(widest * LETTER, displayWidth(column.title) * LETTER * 1.05) + 4;
}

/** Narrow columns get what they need; the others share the rest by what they would take. */
export function columnWidths(natural: readonly number[], available: number): readonly number[] {
  const sum = (widths: readonly number[]): number =>
    widths.reduce((total, each) => total + each, 0);
  const total = sum(natural);
  if (total <= available) return natural.map((width) => (width * available) / Math.max(total, 1));
  const narrow = sum(natural.filter((width) => width <= NARROW));
  const rest = available - narrow;
  const wide = natural.filter((width) => width > NARROW);
  if (rest < wide.length * NARROW) return natural.map((width) => (width * available) / total);
  // Roots, so that one very long name does not leave the other columns with nothing.
  const roots = sum(wide.map(Math.sqrt));
  return natural.map((width) => (width <= NARROW ? width : (rest * Math.sqrt(width)) / roots));
}

function headCell({ title, align }: Column, { letters }: Sheet): TableCell {
  return {
    text: letters.line(title),
    bold: true,
    color: paint('muted'),
    fillColor: paint('code'),
    alignment: align === 'end' ? 'right' : 'left',
  };
}

function bodyCell(cell: Cell | undefined, { align }: Column, { letters }: Sheet): TableCell {
  if (cell === undefined) return '';
  const alignment = align === 'end' ? 'right' : 'left';
  if (cell.tone === 'neutral') return { text: letters.line(cell.text), alignment };
  return {
    text: letters.line(shownText(cell)),
    alignment,
    bold: true,
    color: tonePaint(cell.tone).of,
  };
}

export const LINES = {
  hLineWidth: (line: number): number => (line === 0 ? 0 : 0.5),
  vLineWidth: (): number => 0,
  hLineColor: (): string => paint('line'),
  paddingLeft: (): number => PADDING,
  paddingRight: (): number => PADDING,
  paddingTop: (): number => 3,
  paddingBottom: (): number => 3,
};

/** A table with its head on every page it reaches. */
export function table(
  { caption, columns, rows, omitted }: TableBlock,
  sheet: Sheet,
): readonly Content[] {
  const natural = columns.map((column, index) =>
    naturalWidth(
      column,
      rows.map((cells) => cells[index]),
    ),
  );
  const widths = columnWidths(natural, sheet.width - columns.length * 2 * PADDING);
  const none: TableCell[] = columns.map((_, index) =>
    index === 0 ? { text: 'none', colSpan: columns.length, color: paint('muted') } : '',
  );
  const body = rows.map((cells) =>
    columns.map((column, index) => bodyCell(cells[index], column, sheet)),
  );
  const isLong = rows.some((cells) => cells.some(({ text }) => text.length > LONG_CELL));
  return [
    reserve(70),
    { text: sheet.letters.line(caption), style: 'caption' },
    {
      table: {
        headerRows: 1,
        dontBreakRows: !isLong,
        widths: [...widths],
        body: [
          columns.map((column) => headCell(column, sheet)),
          ...(body.length > 0 ? body : [none]),
        ],
      },
      layout: LINES,
      fontSize: SIZE,
      margin: [0, 0, 0, omitted > 0 ? 4 : 14],
    },
    ...(omitted > 0 ? [{ text: omittedText(omitted), style: 'small', margin: below(14) }] : []),
  ];
}
