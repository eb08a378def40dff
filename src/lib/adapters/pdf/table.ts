import type { Content, TableCell } from 'pdfmake';
import { type Cell, type Column, type TableBlock } from '../../core/model/document.ts';
import { omittedText } from '../../core/render/document/omitted.ts';
import { toneWord } from '../../core/render/document/tone-words.ts';
import { textWidth } from './letter-widths.ts';
import { below, paint, reserve, type Sheet, tonePaint } from './sheet.ts';

/** Sizes of letters, and the room beside a cell with each: the first that leaves words whole. */
const SIZES = [
  { size: 8, padding: 5 },
  { size: 7.5, padding: 4 },
  { size: 7, padding: 3 },
] as const;
const DETAIL = 6.25;
/** Names and paths of more points than this are broken anywhere. */
const MOST_NAME = 90;
/** A text of so few letters is not broken between its words either. */
const UNBROKEN = 12;
/** A row with more letters than this in a cell is broken rather than lost. */
const LONG_CELL = 900;

function shownText({ text, tone }: Cell): string {
  const word = toneWord(tone, text);
  return word === '' ? text : `${text} ${word}`;
}

interface Width {
  /** What a column needs for its words to stay whole. */
  readonly least: number;
  /** What it would take if it had all the room there is. */
  readonly natural: number;
  /** How much of what is left it gets, for each point it would take. */
  readonly weight: number;
}

/** The longest part that a line cannot be broken in. */
function leastOf(text: string, column: Column, size: number): number {
  if (column.align === 'end' && text.length <= UNBROKEN) return textWidth(text, size);
  const parts = text.split(/[ /]/).map((part) => textWidth(part, size));
  const longest = Math.max(...parts);
  return column.code ? Math.min(longest, (MOST_NAME * size) / SIZES[0].size) : longest;
}

function columnWidth(column: Column, cells: readonly (Cell | undefined)[], size: number): Width {
  const most = (of: (text: string, size: number) => number): number =>
    cells.reduce(
      (widest, cell) =>
        cell === undefined
          ? widest
          : Math.max(widest, of(shownText(cell), size), of(cell.detail, DETAIL)),
      0,
    );
  // Heads are bold, and their words are never broken.
  const head = Math.max(...column.title.split(' ').map((word) => textWidth(word, size) * 1.08));
  return {
    least: Math.max(
      most((text, its) => leastOf(text, column, its)),
      head,
    ),
    weight: column.code ? 2 : 1,
    natural: Math.max(most(textWidth), textWidth(column.title, size) * 1.08),
  };
}

const sum = (widths: readonly number[]): number => widths.reduce((total, each) => total + each, 0);

/** Each gets what its words need; the rest is shared by what they would take beyond that. */
function columnWidths(widths: readonly Width[], available: number): readonly number[] {
  const least = sum(widths.map((each) => each.least));
  const total = sum(widths.map(({ natural }) => natural));
  if (total <= available)
    return widths.map(({ natural }) => (natural * available) / Math.max(total, 1));
  if (least >= available) return widths.map((each) => (each.least * available) / least);
  let given = widths.map((each) => each.least);
  let rest = available - least;
  while (rest > 0.5) {
    const wants = widths.map(
      ({ natural, weight }, index) => (natural - (given[index] ?? 0)) * weight,
    );
    const wanted = sum(wants);
    given = given.map((width, index) =>
      Math.min(widths[index]?.natural ?? 0, width + (rest * (wants[index] ?? 0)) / wanted),
    );
    rest = available - sum(given);
  }
  return given;
}

/** The part of what texts would take beyond their longest words that they get before letters get smaller. */
const ROOM = 0.4;

interface Layout {
  readonly size: number;
  readonly padding: number;
  readonly widths: readonly number[];
}

function layoutOf({ columns, rows }: TableBlock, width: number): Layout {
  const layouts = SIZES.map(({ size, padding }) => {
    const widths = columns.map((column, index) =>
      columnWidth(
        column,
        rows.map((cells) => cells[index]),
        size,
      ),
    );
    const available = width - columns.length * 2 * padding;
    const least = sum(widths.map((each) => each.least));
    const more = sum(widths.map(({ natural }) => natural)) - least;
    const isEnough = least + ROOM * more <= available;
    return { size, padding, isEnough, widths: columnWidths(widths, available) };
  });
  const [largest] = layouts;
  const chosen = layouts.find(({ isEnough }) => isEnough) ?? layouts.at(-1) ?? largest;
  if (chosen === undefined) throw new Error('letters have a size');
  return chosen;
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
  const below = letters.line(cell.detail);
  const small =
    below === '' ? [] : [{ text: `\n${below}`, fontSize: DETAIL, color: paint('muted') }];
  if (cell.tone === 'neutral') return { text: [letters.line(cell.text), ...small], alignment };
  const shown = { text: letters.line(shownText(cell)), bold: true, color: tonePaint(cell.tone).of };
  return { text: [shown, ...small], alignment };
}

const LINES = {
  hLineWidth: (line: number): number => (line === 0 ? 0 : 0.5),
  vLineWidth: (): number => 0,
  hLineColor: (): string => paint('line'),
  paddingTop: (): number => 2.5,
  paddingBottom: (): number => 2.5,
};

/** More than this is not kept together: a row may be longer than a page. */
const MOST_KEPT = 240;

/** Points of the caption, the head and the first row of a table, about. */
export function beginningHeight(block: TableBlock, sheet: Sheet): number {
  return startOf(block, layoutOf(block, sheet.width));
}

function startOf({ rows }: TableBlock, { size, widths }: Layout): number {
  const lines = (text: string, its: number, width: number): number =>
    text === '' ? 0 : Math.ceil((textWidth(text, its) * 1.1) / Math.max(width, 1));
  const heights = (rows[0] ?? []).map((cell, index) => {
    const width = widths[index] ?? 1;
    return (
      lines(shownText(cell), size, width) * size * 1.25 +
      lines(cell.detail, DETAIL, width) * DETAIL * 1.25
    );
  });
  return Math.min(60 + Math.max(0, ...heights), MOST_KEPT);
}

/** A table with its head on every page it reaches. */
export function table(block: TableBlock, sheet: Sheet): readonly Content[] {
  const { caption, columns, rows, omitted } = block;
  const layout = layoutOf(block, sheet.width);
  const { size, padding, widths } = layout;
  const none: TableCell[] = columns.map((_, index) =>
    index === 0 ? { text: 'none', colSpan: columns.length, color: paint('muted') } : '',
  );
  const body = rows.map((cells) =>
    columns.map((column, index) => bodyCell(cells[index], column, sheet)),
  );
  const isLong = rows.some((cells) =>
    cells.some(({ text, detail }) => text.length + detail.length > LONG_CELL),
  );
  return [
    reserve(startOf(block, layout)),
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
      layout: { ...LINES, paddingLeft: () => padding, paddingRight: () => padding },
      fontSize: size,
      margin: [0, 0, 0, omitted > 0 ? 4 : 14],
    },
    ...(omitted > 0 ? [{ text: omittedText(omitted), style: 'small', margin: below(14) }] : []),
  ];
}
