import { median } from 'simple-statistics';
import { inflationOf, memoryOf, type Noise, noiseOf, wanderingHalfWidth } from './noise.ts';
import { medianSlope, pairwiseSlopes, rankInterval, thinned } from './theil-sen.ts';
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
  const slopes = pairwiseSlopes(points);
  const slope = medianSlope(slopes);
  const { level, residuals } = heightsOver(track, slope);
  const noise = noiseOf(track, residuals);
  const [low, high] =
    noise.kind === 'wandering'
      ? around(slope, wanderingHalfWidth(track, noise.reach))
      : rankInterval(slopes, points.days.length, inflationFor(track, points, slope, noise));
  return { track, slope, low, high, level, residuals, noise };
}

function heightsOver(track: Track, slope: number): Pick<Line, 'level' | 'residuals'> {
  const heights = above(track, slope, track.days.at(-1) ?? 0);
  const level = median(heights);
  return { level, residuals: heights.map((height) => height - level) };
}

function around(slope: number, half: number): readonly [number, number] {
  return [slope - half, slope + half];
}

/** Medians of several days remember less than the days do. */
function inflationFor(track: Track, points: Track, slope: number, noise: Noise): number {
  if (points === track) return inflationOf(track, noise.memory);
  const { residuals } = heightsOver(points, slope);
  const spacing = medianSpacing(points);
  const even = { ...points, days: points.days.map((day) => Math.round(day / spacing)) };
  return inflationOf(even, memoryOf(even, residuals));
}

function medianSpacing({ days }: Track): number {
  return median(days.slice(1).map((day, at) => day - (days[at] ?? 0)));
}
