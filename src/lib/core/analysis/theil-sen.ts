import { median, quickselect } from 'simple-statistics';
import { type Track } from './track.ts';

/** 90 % of a normal distribution lie within so many standard deviations. */
export const Z90 = 1.6449;

/** Pairs grow with the square of the points; more than these say nothing new about a slope. */
const MOST_POINTS = 128;

/** Slopes of all pairs of points (Theil 1950, Sen 1968), in no order. */
export function pairwiseSlopes({ days, values }: Track): Float64Array {
  const count = days.length;
  const x = Float64Array.from(days);
  const y = Float64Array.from(values);
  const slopes = new Float64Array((count * (count - 1)) / 2);
  let at = 0;
  for (let late = 1; late < count; late += 1) {
    const xLate = x[late] ?? 0;
    const yLate = y[late] ?? 0;
    for (let early = 0; early < late; early += 1) {
      slopes[at] = (yLate - (y[early] ?? 0)) / (xLate - (x[early] ?? 0));
      at += 1;
    }
  }
  return slopes;
}

/** The value at a position, were they sorted; moves them about. */
function ranked(slopes: Float64Array, position: number): number {
  // It swaps in place and asks for nothing else of an array.
  quickselect(slopes as unknown as number[], position, 0, slopes.length - 1);
  return slopes[position] ?? 0;
}

export function medianSlope(slopes: Float64Array): number {
  const middle = (slopes.length - 1) / 2;
  return (ranked(slopes, Math.floor(middle)) + ranked(slopes, Math.ceil(middle))) / 2;
}

/**
 * Sen's interval: as many slopes lie between its ends as Kendall's rank statistic may be off by chance. Where days
 * resemble the day before, `inflation` is how much larger that makes the variance.
 */
export function rankInterval(
  slopes: Float64Array,
  points: number,
  inflation: number,
): readonly [low: number, high: number] {
  const variance = (points * (points - 1) * (2 * points + 5)) / 18;
  const within = Z90 * Math.sqrt(variance * inflation);
  const last = slopes.length - 1;
  const below = Math.max(0, Math.floor((slopes.length - within) / 2));
  return [ranked(slopes, below), ranked(slopes, last - below)];
}

/** Medians of neighbouring days in place of the days, where there are more than anybody needs. */
export function thinned(track: Track): Track {
  const count = track.days.length;
  if (count <= MOST_POINTS) return track;
  const size = Math.ceil(count / MOST_POINTS);
  const days: number[] = [];
  const values: number[] = [];
  for (let from = 0; from < count; from += size) {
    days.push(median(track.days.slice(from, from + size)));
    values.push(median(track.values.slice(from, from + size)));
  }
  return { days, values };
}
