import type { Content } from 'pdfmake';
import { type Tone } from '../../core/model/document.ts';
import { PAGE_COLOURS } from '../../core/render/document/page-colours.ts';
import { type Paper } from '../../ports/document-printer.ts';
import { type Lettering } from './lettering.ts';

export const MARGINS = { left: 48, top: 62, right: 48, bottom: 54 } as const;

const SIZES: Readonly<Record<Paper, { readonly width: number; readonly height: number }>> = {
  A4: { width: 595.28, height: 841.89 },
  Letter: { width: 612, height: 792 },
};

/** What is written on: its text area in points, and how letters are put on it. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly letters: Lettering;
}

export function sheetOf(paper: Paper, letters: Lettering): Sheet {
  const { width, height } = SIZES[paper];
  return {
    width: width - MARGINS.left - MARGINS.right,
    height: height - MARGINS.top - MARGINS.bottom,
    letters,
  };
}

/** A margin below, and none elsewhere. */
export function below(points: number): [number, number, number, number] {
  return [0, 0, 0, points];
}

export function paint(name: keyof typeof PAGE_COLOURS): string {
  return PAGE_COLOURS[name].light;
}

export function tonePaint(tone: Tone): { readonly of: string; readonly on: string } {
  return { of: paint(tone), on: paint(`${tone}-bg`) };
}

/**
 * Makes sure that so many points are left on the page, or begins the next: an empty block that cannot be broken, taken back at once.
 * pdfmake's own question before each node lays the whole document out again for every yes.
 */
export function reserve(height: number): Content {
  return {
    unbreakable: true,
    stack: [{ text: ' ', fontSize: 1, lineHeight: 1, margin: [0, height, 0, 0] }],
    margin: [0, 0, 0, -height - 1.2],
  };
}
