import { fitWidths, formatGrid, measure, type Column, type Measured } from '../table/grid.ts';
import { wrapWords } from '../text/columns.ts';
import { type Palette } from '../text/palette.ts';
import { UNKNOWN } from './amounts.ts';

/** A column that may have to go for want of room. */
export interface RankedColumn<T> extends Column<T> {
  /** The largest goes first. */
  readonly rank: number;
  /** What it comes to on the line below its row, once it went; null where it is missed by nobody. */
  readonly below: ((row: T) => string) | null;
  /** Only where nothing has to fit. */
  readonly wide: boolean;
}

const INDENT = '  ';
/** Narrower than this no grid can be, and lines overrun instead of saying nothing. */
const LEAST_WIDTH = 40;

/** Rows below their header within `width`. What there is no room for stands on a line below its row. */
export function fittedGrid<T>(
  columns: readonly RankedColumn<T>[],
  rows: readonly T[],
  width: number,
  palette: Palette,
): readonly string[] {
  const room = Math.max(width, LEAST_WIDTH) - INDENT.length;
  const measured = columns
    .map((column) => ({ ...measure(column, rows), column }))
    // A column in which nobody has anything takes the room of one that says something.
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const { kept, dropped, widths } = choose(measured, room);
  const { header, lines } = formatGrid(kept, widths, rows, palette);
  return [
    INDENT + header,
    ...lines.flatMap((line, row) => [
      INDENT + line,
      ...belowLines(dropped, rows[row], room - INDENT.length).map((text) =>
        palette.dim(INDENT + INDENT + text),
      ),
    ]),
  ];
}

interface Ranked<T> extends Measured<T> {
  readonly column: RankedColumn<T>;
}

interface Choice<T> {
  readonly kept: readonly Ranked<T>[];
  readonly dropped: readonly Ranked<T>[];
  readonly widths: readonly number[];
}

function choose<T>(columns: readonly Ranked<T>[], room: number): Choice<T> {
  const worstFirst = columns.toSorted((a, b) => b.column.rank - a.column.rank);
  for (let count = 0; count < columns.length; count += 1) {
    const gone = new Set(worstFirst.slice(0, count));
    const kept = columns.filter((column) => !gone.has(column));
    const widths = fitWidths(kept, room);
    if (widths === undefined) continue;
    return { kept, dropped: columns.filter((column) => gone.has(column)), widths };
  }
  return { kept: columns, dropped: [], widths: columns.map(({ natural }) => natural) };
}

/** What is empty or not known is not worth a line. */
function belowLines<T>(
  dropped: readonly Ranked<T>[],
  row: T | undefined,
  width: number,
): readonly string[] {
  if (row === undefined) return [];
  const said = dropped
    .map(({ column }) => column.below?.(row) ?? '')
    .filter((text) => text !== '' && !text.includes(UNKNOWN));
  return said.length === 0 ? [] : wrapWords(said.join(', '), width, INDENT);
}
