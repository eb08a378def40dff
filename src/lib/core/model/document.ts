import { type Chart } from './chart.ts';

/*
 * A report as a document, before any format: every renderer draws the same sections from this. Texts are plain; making them safe
 * for a format is the renderer's part.
 */

export const SECTION_IDS = [
  'summary',
  'changes',
  'reclaimable',
  'findings',
  'capacity',
  'volumes',
  'snapshots',
  'validation',
  'health',
  'coverage',
  'methods',
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

/** How something is meant to look; never the only carrier of its meaning. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

export interface DocumentModel {
  readonly title: string;
  /** One line below it. */
  readonly subtitle: string;
  /** The instant of the scan, never of the rendering: the same input gives the same document. */
  readonly at: Date;
  readonly facts: readonly Fact[];
  readonly sections: readonly Section[];
  /** Name and version of this program. */
  readonly generator: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | HeadingBlock
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'note'; readonly tone: Tone; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Commands and other text to be copied, each line as it is. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }
  | TableBlock
  | { readonly kind: 'chart'; readonly chart: Chart }
  | CardBlock;

export interface HeadingBlock {
  readonly kind: 'heading';
  readonly text: string;
  /** Whether the contents name it below its section: those of a usual report fit beside the cover. */
  readonly listed: boolean;
}

/** A number that stands for itself. */
export interface Figure extends Fact {
  readonly tone: Tone;
  /** What it means or rests on; empty for nothing. */
  readonly detail: string;
}

export interface TableBlock {
  readonly kind: 'table';
  /** Unique in its document, and the name of its CSV file. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that were left out for length; said below the table. CSV and JSON never leave any out. */
  readonly omitted: number;
}

export interface Column {
  readonly title: string;
  readonly align: 'start' | 'end';
  /** Names and paths: may break anywhere, in a fixed-width font. */
  readonly code: boolean;
}

export interface Cell {
  readonly text: string;
  /** Said below it in small letters; empty for nothing. */
  readonly detail: string;
  /** What to sort by where the text does not sort by itself. */
  readonly sort: number | string | null;
  readonly tone: Tone;
}

/** One thing with all that is known of it, such as a finding with evidence and remedy. */
export interface CardBlock {
  readonly kind: 'card';
  readonly id: string;
  readonly title: string;
  /** In one word, such as the severity. */
  readonly badge: string;
  readonly tone: Tone;
  readonly text: string;
  readonly facts: readonly Fact[];
  /** Titled lists, such as the evidence and the steps. */
  readonly lists: readonly {
    readonly title: string;
    readonly ordered: boolean;
    /** Whether it is for those who ask: folded on a screen, small on paper, and left out nowhere. */
    readonly folded: boolean;
    readonly items: readonly string[];
  }[];
  /** A command to run; null for none. */
  readonly command: string | null;
}
