import { median } from 'simple-statistics';
import { atOf } from './at.ts';
import { select } from './select.ts';
import { type Track } from './track.ts';

/** 90 % of a normal distribution lie within so many standard deviations. */
export const Z90 = 1.6449;

/** Pairs grow with the square of the points; more points than these say nothing new about a slope. */
const MOST_POINTS = 64;

/** Slopes of all pairs, used again for each series: making room for them would cost more than they do. */
const slopes = new Float64Array((MOST_POINTS * (MOST_POINTS - 1)) / 2);

const xs = new Float64Array(MOST_POINTS);
const ys = new Float64Array(MOST_POINTS);

export interface Slope {
  readonly slope: number;
  /** 90 % interval. */
  readonly low: number;
  readonly high: number;
}

/**
 * Median of the slopes of all pairs of points (Theil 1950), and Sen's interval of it (1968): as many slopes lie between
 * its ends as Kendall's rank statistic may be off by chance. Where days resemble the day before, the variance of that
 * is larger by `inflation`, which may depend on the slope. Takes two points at least, and those of `thinned` at most.
 */
export function theilSen(points: Track, inflation: (slope: number) => number): Slope {
  const last = fillSlopes(points) - 1;
  const upper = Math.ceil(last / 2);
  const above = select(slopes, upper, 0, last);
  // What was selected parts the smaller from the larger, so that each next one is looked for on its side only.
  const slope = last % 2 === 0 ? above : (above + select(slopes, upper - 1, 0, upper - 1)) / 2;
  const below = Math.min(
    upper,
    Math.max(0, Math.floor((last + 1 - chanceOf(points, inflation(slope))) / 2)),
  );
  return {
    slope,
    low: Math.min(slope, select(slopes, below, 0, upper)),
    high: Math.max(slope, select(slopes, last - below, upper, last)),
  };
}

/** How many pairs chance turns around at 90 %. */
function chanceOf({ days }: Track, inflation: number): number {
  const count = days.length;
  return Z90 * Math.sqrt(((count * (count - 1) * (2 * count + 5)) / 18) * inflation);
}

function fillSlopes({ days, values }: Track): number {
  xs.set(days);
  ys.set(values);
  let position = 0;
  for (let late = 1; late < days.length; late += 1) {
    const x = atOf(xs, late);
    const y = atOf(ys, late);
    for (let early = 0; early < late; early += 1) {
      slopes[position] = (y - atOf(ys, early)) / (x - atOf(xs, early));
      position += 1;
    }
  }
  return position;
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
