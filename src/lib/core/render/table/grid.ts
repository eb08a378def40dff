import { displayWidth, padEnd, padStart, truncateMiddle } from '../text/columns.ts';
import { type Palette, type Style } from '../text/palette.ts';

/** One column of a table over rows of `T`. */
export interface Column<T> {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** Where a cell that has to shrink is cut; `never` for what has to be read whole. */
  readonly cut: 'never' | 'middle';
  /** Characters a column that can shrink keeps, where it has as many. */
  readonly atLeast: number;
  /** Text for one line, already printable. */
  readonly cell: (row: T) => string;
  readonly style: ((row: T, palette: Palette) => Style) | null;
}

const GAP = '  ';

/** The columns of a table, its cells worked out, and how wide each of them would like to be. */
export interface Measured<T> {
  readonly column: Column<T>;
  readonly cells: readonly string[];
  readonly natural: number;
}

export function measure<T>(column: Column<T>, rows: readonly T[]): Measured<T> {
  const cells = rows.map(column.cell);
  let natural = displayWidth(column.header);
  for (const cell of cells) natural = Math.max(natural, displayWidth(cell));
  return { column, cells, natural };
}

/**
 * How wide each column becomes within `total`. What can shrink keeps at least its minimum, and earlier columns
 * grow first. Undefined where not even the minimum fits.
 */
export function fitWidths<T>(columns: readonly Measured<T>[], total: number): number[] | undefined {
  const widths = columns.map(({ column, natural }) =>
    column.cut === 'never' ? natural : Math.min(natural, column.atLeast),
  );
  const gaps = GAP.length * Math.max(0, columns.length - 1);
  let spare = total - gaps - widths.reduce((sum, width) => sum + width, 0);
  if (spare < 0) return undefined;
  return columns.map(({ natural }, index) => {
    const width = widths[index] ?? 0;
    const grown = Math.min(natural - width, spare);
    spare -= grown;
    return width + grown;
  });
}

/** The header, then one line for each row. */
export function formatGrid<T>(
  columns: readonly Measured<T>[],
  widths: readonly number[],
  rows: readonly T[],
  palette: Palette,
): { readonly header: string; readonly lines: readonly string[] } {
  const last = columns.length - 1;
  const place = (measured: Measured<T>, index: number, text: string): string => {
    const width = widths[index] ?? 0;
    const fitted = truncateMiddle(text, width);
    if (measured.column.align === 'right') return padStart(fitted, width);
    return index === last ? fitted : padEnd(fitted, width);
  };
  const header = columns.map((each, index) => place(each, index, each.column.header)).join(GAP);
  const lines = rows.map((row, rowIndex) =>
    columns
      .map((each, index) => {
        const text = place(each, index, each.cells[rowIndex] ?? '');
        return each.column.style === null ? text : each.column.style(row, palette)(text);
      })
      .join(GAP)
      .trimEnd(),
  );
  return { header: palette.heading(header.trimEnd()), lines };
}
