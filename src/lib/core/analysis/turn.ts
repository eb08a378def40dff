import { linearRegression } from 'simple-statistics';
import { type Line, lineThrough } from './line.ts';
import { part, type Track } from './track.ts';

/** Days on each side of a turn: with fewer, chance looks like one. */
const SIDE = 21;

/** Intervals of 90 % times this are intervals of 99 %. */
const SURER = 1.57;

/**
 * The line since growth itself changed for good, or the whole line. Two lines must leave nothing to wander, and their
 * slopes lie surely apart.
 */
export function sinceTurn(whole: Line): Line {
  const count = whole.track.days.length;
  if (whole.noise.kind !== 'wandering' || count < 2 * SIDE) return whole;
  const split = likeliestTurn(whole.track);
  const before = lineThrough(part(whole.track, 0, split));
  const after = lineThrough(part(whole.track, split));
  return isSettled(before) && isSettled(after) && areApart(before, after) ? after : whole;
}

function isSettled({ noise }: Line): boolean {
  return noise.kind === 'around-line';
}

function areApart(before: Line, after: Line): boolean {
  const [lower, upper] = before.slope < after.slope ? [before, after] : [after, before];
  return (
    lower.slope + SURER * (lower.high - lower.slope) <
    upper.slope - SURER * (upper.slope - upper.low)
  );
}

/** Where two lines of least squares leave the least. */
function likeliestTurn({ days, values }: Track): number {
  const pairs = days.map((day, at) => [day, values[at] ?? 0]);
  let best = { split: SIDE, left: Infinity };
  for (let split = SIDE; split <= pairs.length - SIDE; split += 1) {
    const left = squaresLeft(pairs.slice(0, split)) + squaresLeft(pairs.slice(split));
    if (left < best.left) best = { split, left };
  }
  return best.split;
}

function squaresLeft(pairs: readonly number[][]): number {
  const { m, b } = linearRegression(pairs);
  return pairs.reduce((sum, [day = 0, value = 0]) => sum + (value - m * day - b) ** 2, 0);
}
