import { type Growth } from '../model/analysis.ts';
import {
  type Block,
  type Cell,
  type Column,
  type Figure,
  type TableBlock,
  type Tone,
} from '../model/document.ts';
import { type Severity } from '../model/finding.ts';
import { groupDigits } from '../render/text/format.ts';
import { dayText, signedText, sizeText } from './words.ts';

/* The parts of a document, built the same way everywhere. */

export function heading(text: string): Block {
  return { kind: 'heading', text, listed: false };
}

/** One that the contents name. */
export function listedHeading(text: string): Block {
  return { kind: 'heading', text, listed: true };
}

export function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

export function note(tone: Tone, text: string): Block {
  return { kind: 'note', tone, text };
}

/** Nothing where there is nothing to list. */
export function list(items: readonly string[]): readonly Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

export function figures(...all: readonly Figure[]): Block {
  return { kind: 'figures', figures: all };
}

export function figure(label: string, value: string, detail = '', tone: Tone = 'neutral'): Figure {
  return { label, value, detail, tone };
}

export function toneOf(severity: Severity): Tone {
  if (severity === 'critical' || severity === 'high') return 'bad';
  return severity === 'medium' ? 'warning' : 'neutral';
}

export function cell(text: string, tone: Tone = 'neutral'): Cell {
  return { text, detail: '', sort: null, tone };
}

/** What is shown for a value that is not known; it sorts before every one that is. */
const UNKNOWN: Cell = { text: 'unknown', detail: '', sort: -1, tone: 'neutral' };

/** What is shown where there is nothing to say. */
export const NOTHING: Cell = { text: '–', detail: '', sort: '', tone: 'neutral' };

/** A value that does not sort by its text. */
export function sorted(text: string, sort: number | string, tone: Tone = 'neutral'): Cell {
  return { text, detail: '', sort, tone };
}

export function sizeCell(size: number | null, tone: Tone = 'neutral'): Cell {
  return size === null ? UNKNOWN : sorted(sizeText(size), size, tone);
}

export function countCell(count: number | null): Cell {
  return count === null ? UNKNOWN : sorted(groupDigits(count), count);
}

/** In a column that says it is a day's. */
export function growthCell(growth: Growth): Cell {
  return growth.state === 'known'
    ? sorted(signedText(growth.bytesPerDay), growth.bytesPerDay)
    : sorted('not enough data', 0);
}

export function dayCell(day: Date | null): Cell {
  return day === null ? UNKNOWN : sorted(dayText(day), day.getTime());
}

/** A column, and what it shows of a row. */
export interface ColumnOf<T> extends Column {
  readonly cell: (row: T) => Cell;
}

export function column<T>(title: string, show: (row: T) => Cell): ColumnOf<T> {
  return { title, align: 'start', code: false, cell: show };
}

/** Of numbers. */
export function numbers<T>(title: string, show: (row: T) => Cell): ColumnOf<T> {
  return { title, align: 'end', code: false, cell: show };
}

/** Of names and paths, each with what is said below it. */
export function names<T>(
  title: string,
  show: (row: T) => string,
  below: (row: T) => string = () => '',
): ColumnOf<T> {
  return {
    title,
    align: 'start',
    code: true,
    cell: (row) => ({ ...cell(show(row)), detail: below(row) }),
  };
}

/** At most so many rows, the first ones; nothing where there are none. */
export function table<T>(
  id: string,
  caption: string,
  rows: readonly T[],
  columns: readonly ColumnOf<NoInfer<T>>[],
  most = Number.POSITIVE_INFINITY,
): readonly TableBlock[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, most);
  return [
    {
      kind: 'table',
      id,
      caption,
      columns: columns.map(({ title, align, code }) => ({ title, align, code })),
      rows: shown.map((row) => columns.map((each) => each.cell(row))),
      omitted: rows.length - shown.length,
    },
  ];
}
