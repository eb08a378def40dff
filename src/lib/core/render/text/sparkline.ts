import { type DailyValue } from '../../model/trend.ts';

/** What lines and bars are drawn with. */
export interface Glyphs {
  /** From low to high, one character each. */
  readonly levels: readonly string[];
  readonly full: string;
  readonly empty: string;
}

export const BLOCK_GLYPHS: Glyphs = { levels: Array.from('▁▂▃▄▅▆▇█'), full: '█', empty: '░' };
/** For terminals without the blocks: from little ink to much. */
export const ASCII_GLYPHS: Glyphs = { levels: Array.from('.:-=+*#@'), full: '#', empty: '.' };

/** Which days a line covers, both ends included, and in how many characters. */
export interface SparkWindow {
  /** Midnight of the first day. */
  readonly from: Date;
  /** Midnight of the last day. */
  readonly to: Date;
  readonly width: number;
}

const DAY = 86_400_000;

/** Less than this part of the value is no hill: what hardly moves is drawn flat, and not as mountains of noise. */
const LEAST_RANGE = 0.02;

/** How many characters a line over a window takes: no more than it has days. */
export function sparkWidth({ from, to, width }: SparkWindow): number {
  const days = Math.round((to.getTime() - from.getTime()) / DAY) + 1;
  return Math.max(1, Math.min(width, days));
}

/**
 * Values over days as a line of characters, each the mean of its share of the days, between the least and the largest
 * of them. A share without a value is a space: nothing is filled in.
 */
export function sparkline(
  values: readonly DailyValue[],
  window: SparkWindow,
  { levels }: Glyphs,
): string {
  const means = meansOf(values, window);
  const known = means.filter((mean) => mean !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const least = Math.abs(high) * LEAST_RANGE;
  const range = Math.max(high - low, least);
  // The middle of the range lies between two levels: what is drawn flat would jump between them.
  const middle = range === least ? (levels.length - 1) / 2 / levels.length : 1 / 2;
  const partOf = (mean: number): number =>
    range === 0 ? 0 : (mean - (low + high) / 2) / range + middle;
  return means.map((mean) => (mean === null ? ' ' : levelOf(partOf(mean), levels))).join('');
}

/** @param part of the range, 0 to 1 */
function levelOf(part: number, levels: Glyphs['levels']): string {
  const index = Math.min(levels.length - 1, Math.max(0, Math.floor(part * levels.length)));
  return levels[index] ?? ' ';
}

function meansOf(values: readonly DailyValue[], window: SparkWindow): readonly (number | null)[] {
  const width = sparkWidth(window);
  const start = window.from.getTime();
  const days = Math.round((window.to.getTime() - start) / DAY) + 1;
  const shares = Array.from({ length: width }, () => ({ sum: 0, count: 0 }));
  for (const { day, value } of values) {
    const index = Math.floor((Math.round((day.getTime() - start) / DAY) * width) / days);
    const share = shares[index];
    if (share === undefined) continue;
    share.sum += value;
    share.count += 1;
  }
  return shares.map(({ sum, count }) => (count === 0 ? null : sum / count));
}

/** A part of a whole, 0 to 1, as a bar. */
export function bar(part: number, width: number, { full, empty }: Glyphs): string {
  const filled = Math.min(width, Math.max(0, Math.round(part * width)));
  return full.repeat(filled) + empty.repeat(width - filled);
}
