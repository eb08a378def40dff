/** What a line stands for; decides how it is drawn, in colour and without. */
export type LineRole = 'observed' | 'forecast' | 'secondary';

/** A chart over days. Values are in `unit`, scaled by whoever built it. */
export interface TimeChart {
  readonly kind: 'time';
  /** Unique in its document; also the name of its anchor. */
  readonly id: string;
  readonly title: string;
  /** The text alternative: what a reader who cannot see it has to know. */
  readonly description: string;
  /** Of the vertical axis, such as `TiB`. The horizontal one is `Date (UTC)`. */
  readonly unit: string;
  readonly lines: readonly ChartLine[];
  readonly band: ChartBand | null;
  /** Horizontal lines, such as the capacity. */
  readonly limits: readonly ChartLimit[];
  /** Marked days, such as steps and anomalies. */
  readonly events: readonly ChartEvent[];
  /** One of several that are looked through, and so lower than one that is studied. */
  readonly low: boolean;
}

export interface ChartLine {
  readonly name: string;
  readonly role: LineRole;
  readonly points: readonly { readonly day: Date; readonly value: number }[];
}

/** An interval around a line. */
export interface ChartBand {
  readonly name: string;
  readonly points: readonly { readonly day: Date; readonly low: number; readonly high: number }[];
}

export interface ChartLimit {
  readonly label: string;
  readonly value: number;
}

export interface ChartEvent {
  readonly day: Date;
  readonly label: string;
}

/** Horizontal bars, each of one or more parts. */
export interface BarChart {
  readonly kind: 'bars';
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  /** Whether the parts add up, or are compared and stand below each other. */
  readonly adds: boolean;
  /** Names of the parts, in order. */
  readonly series: readonly string[];
  readonly bars: readonly { readonly label: string; readonly values: readonly number[] }[];
}

export type Chart = TimeChart | BarChart;
