import { median } from 'simple-statistics';
import { at, lastOf } from './at.ts';
import { inflationOf, memoryOf, type Noise, noiseOf, wanderingHalfWidth } from './noise.ts';
import { theilSen, thinned } from './theil-sen.ts';
import { above, type Track } from './track.ts';

/** A robust line through days, and how they lie about it. */
export interface Line {
  readonly track: Track;
  readonly slope: number;
  /** 90 % interval of the slope. */
  readonly low: number;
  readonly high: number;
  /** Of the line, on the last day. */
  readonly level: number;
  /** Days above the line. */
  readonly residuals: readonly number[];
  readonly noise: Noise;
}

/** Takes two days at least. */
export function lineThrough(track: Track): Line {
  const points = thinned(track);
  const sen = theilSen(points, (slope) => inflationFor(track, points, slope));
  const { level, residuals } = heightsOver(track, sen.slope);
  const noise = noiseOf(track, residuals);
  const half = noise.kind === 'wandering' ? wanderingHalfWidth(track, noise.reach) : null;
  const interval = half === null ? sen : { low: sen.slope - half, high: sen.slope + half };
  return {
    track,
    slope: sen.slope,
    low: interval.low,
    high: interval.high,
    level,
    residuals,
    noise,
  };
}

function heightsOver(track: Track, slope: number): Pick<Line, 'level' | 'residuals'> {
  const heights = above(track, slope, lastOf(track.days));
  const level = median(heights);
  return { level, residuals: heights.map((height) => height - level) };
}

/** Medians of several days remember less than the days do. */
function inflationFor(track: Track, points: Track, slope: number): number {
  const spacing = points === track ? 1 : medianSpacing(points);
  const even =
    points === track
      ? track
      : { ...points, days: points.days.map((day) => Math.round(day / spacing)) };
  return inflationOf(even, memoryOf(even, heightsOver(points, slope).residuals));
}

function medianSpacing({ days }: Track): number {
  return median(days.slice(1).map((day, index) => day - at(days, index)));
}
