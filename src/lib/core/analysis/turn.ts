import { at } from './at.ts';
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
  const squaresLeft = squaresLeftOver(days, residuals);
  const count = days.length;
  let best = { split: SIDE, left: Infinity };
  for (let split = SIDE; split <= count - SIDE; split += 1) {
    const left = squaresLeft(0, split) + squaresLeft(split, count);
    if (left < best.left) best = { split, left };
  }
  return best.split;
}

/** What a line of least squares through the points of a range leaves, from running sums: each range costs the same. */
function squaresLeftOver(
  days: readonly number[],
  values: readonly number[],
): (from: number, to: number) => number {
  const across = days.map((day) => day - at(days, 0));
  const x = runningSum(across);
  const y = runningSum(values);
  const xx = runningSum(across.map((value) => value * value));
  const xy = runningSum(across.map((value, index) => value * at(values, index)));
  const yy = runningSum(values.map((value) => value * value));
  return (from, to) => {
    const count = to - from;
    const sum = (sums: readonly number[]): number => at(sums, to) - at(sums, from);
    const along = sum(xy) - (sum(x) * sum(y)) / count;
    return sum(yy) - sum(y) ** 2 / count - along ** 2 / (sum(xx) - sum(x) ** 2 / count);
  };
}

/** Of all values before each position. */
function runningSum(values: readonly number[]): readonly number[] {
  let sum = 0;
  return [0, ...values.map((value) => (sum += value))];
}
