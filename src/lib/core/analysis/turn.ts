import { type Line, lineThrough } from './line.ts';
import { part } from './track.ts';

/** Days on each side of a turn: with fewer, chance looks like one. */
const SIDE = 21;

/** Intervals of 90 % times this are intervals of 99 %. */
const SURER = 1.57;

/** What remembers more may wander all the same. */
const SETTLED = 0.6;

/**
 * The line since growth itself changed for good, or the whole line. Two lines must leave nothing to wander, and their
 * slopes lie surely apart.
 */
export function sinceTurn(whole: Line): Line {
  const count = whole.track.days.length;
  if (whole.noise.kind !== 'wandering' || count < 2 * SIDE) return whole;
  const split = likeliestTurn(whole);
  const before = lineThrough(part(whole.track, 0, split));
  const after = lineThrough(part(whole.track, split));
  return isSettled(before) && isSettled(after) && areApart(before, after) ? after : whole;
}

function isSettled({ noise }: Line): boolean {
  return noise.kind === 'around-line' && noise.memory < SETTLED;
}

function areApart(before: Line, after: Line): boolean {
  const [lower, upper] = before.slope < after.slope ? [before, after] : [after, before];
  return (
    lower.slope + SURER * (lower.high - lower.slope) <
    upper.slope - SURER * (upper.slope - upper.low)
  );
}

/** Where two lines of least squares leave the least. */
function likeliestTurn({ track: { days }, residuals }: Line): number {
  const count = days.length;
  const sums = runningSums(days, residuals);
  let best = { split: SIDE, left: Infinity };
  for (let split = SIDE; split <= count - SIDE; split += 1) {
    const left = squaresLeft(sums, 0, split) + squaresLeft(sums, split, count);
    if (left < best.left) best = { split, left };
  }
  return best.split;
}

const NOTHING = [0, 0, 0, 0, 0, 0] as const;

/** Number, x, y, xx, xy and yy of all points before each position. */
type Sums = readonly (readonly [number, number, number, number, number, number])[];

function runningSums(days: readonly number[], values: readonly number[]): Sums {
  const origin = days[0] ?? 0;
  let [count, x, y, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  return [
    NOTHING,
    ...days.map((day, at) => {
      const across = day - origin;
      const up = values[at] ?? 0;
      count += 1;
      x += across;
      y += up;
      xx += across * across;
      xy += across * up;
      yy += up * up;
      return [count, x, y, xx, xy, yy] as const;
    }),
  ];
}

function squaresLeft(sums: Sums, from: number, to: number): number {
  const start = sums[from] ?? NOTHING;
  const end = sums[to] ?? NOTHING;
  const [count = 1, x = 0, y = 0, xx = 0, xy = 0, yy = 0] = end.map(
    (sum, at) => sum - (start[at] ?? 0),
  );
  const across = xx - (x * x) / count;
  const along = xy - (x * y) / count;
  return yy - (y * y) / count - (along * along) / across;
}
