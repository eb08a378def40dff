import { median } from 'simple-statistics';
import { type Change } from './habit.ts';
import { type Track } from './track.ts';

/** A change far beyond habit, on one day or on two in a row. */
export interface Jump {
  /** Position of the first day it shows on, and of the day from which the new level holds. */
  readonly index: number;
  readonly until: number;
  readonly day: number;
  /** Beyond the usual change. */
  readonly bytes: number;
  /** How much of it was there in the week after against the week before; null where too few days tell. */
  readonly kept: number | null;
}

/** Days compared on each side: a whole week, so that its rhythm falls out. */
const WINDOW = 7;

/** With fewer days on either side nobody can tell a step from a burst. */
export const HOLD_DAYS = 5;

export function jumpsIn(
  track: Track,
  changes: readonly Change[],
  usual: number,
  threshold: number,
): readonly Jump[] {
  const runs: { first: Change; last: Change; largest: Change; bytes: number }[] = [];
  for (const change of changes) {
    const bytes = change.bytes - usual;
    if (Math.abs(bytes) <= threshold) continue;
    const run = runs.at(-1);
    if (run !== undefined && goesOn(run, change, bytes)) {
      run.last = change;
      run.bytes += bytes;
      if (Math.abs(change.bytes - usual) > Math.abs(run.largest.bytes - usual)) {
        run.largest = change;
      }
    } else runs.push({ first: change, last: change, largest: change, bytes });
  }
  return runs.map(({ first, last, largest, bytes }) => ({
    index: first.index,
    until: last.index,
    day: largest.day,
    bytes,
    kept: shiftAt(track, { index: first.index, until: last.index }, usual, WINDOW, HOLD_DAYS),
  }));
}

/** A copy that runs over midnight shows on two days, never on three. */
function goesOn(
  run: { readonly first: Change; readonly last: Change; readonly bytes: number },
  change: Change,
  bytes: number,
): boolean {
  return (
    run.first === run.last &&
    change.index === run.last.index + 1 &&
    Math.sign(bytes) === Math.sign(run.bytes)
  );
}

/** Median level after against before, growth taken out. */
export function shiftAt(
  { days, values }: Track,
  { index, until }: Pick<Jump, 'index' | 'until'>,
  slope: number,
  window: number,
  needed: number,
): number | null {
  const origin = days[until] ?? 0;
  const level = (from: number, to: number): readonly number[] =>
    values.slice(from, to).map((value, at) => value - slope * ((days[from + at] ?? 0) - origin));
  const before = level(Math.max(0, index - window), index);
  const after = level(until, until + window);
  if (before.length < needed || after.length < needed) return null;
  return median(after) - median(before);
}
