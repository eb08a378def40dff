import { median } from 'simple-statistics';
import { at, lastOf } from './at.ts';
import { BEYOND, FLOOR, TO_SIGMA } from './habit.ts';
import { type Line, lineThrough } from './line.ts';
import { wanderingHalfWidth } from './noise.ts';
import { theilSen, thinned, Z90 } from './theil-sen.ts';
import { part, type Track } from './track.ts';

/** How the last weeks go where they surely go otherwise than those before. */
export interface Lately {
  readonly slope: number;
  /** Slope of the days before them. */
  readonly before: number;
}

const WEEK = 7;

/** Weeks before the last ones that say how much one week differs from another. */
const EARLIER_WEEKS = 2;

/** After so many weeks it is no longer lately. */
const MOST_WEEKS = 4;

/** A week must change by more than this part of the level: less is of no interest. */
const LEVEL_PART = 0.0025;

/** By so much of what it was growth must have changed: a little more or less is for the interval to hold. */
const OTHER = 0.5;

/**
 * Whether growth has lately become another. It takes three weeks to know what a series will settle at (`turn.ts`); until
 * then neither the old line nor the new one may be believed alone.
 */
export function latelyOf(line: Line): Lately | null {
  const weeks = weeksOf(line);
  for (let count = 1; count <= MOST_WEEKS && count + EARLIER_WEEKS <= weeks.length; count += 1) {
    const lately = latelySince(line, weeks, count);
    if (lately !== null) return lately;
  }
  return null;
}

/** Days that go from one with a value to the next one a week later or more. */
interface Week {
  readonly start: number;
  readonly slope: number;
}

/** Newest first. */
function weeksOf({ track, slope }: Line): readonly Week[] {
  const weeks: Week[] = [];
  let end = track.days.length - 1;
  for (let start = weekBefore(track, end); start !== null; start = weekBefore(track, end)) {
    weeks.push({ start, slope: slopeOf(part(track, start, end + 1), slope) });
    end = start;
  }
  return weeks;
}

/** Position of the last day at least a week before this one; null where there is none. */
function weekBefore({ days }: Track, end: number): number | null {
  for (let index = end - 1; index >= 0; index -= 1) {
    if (at(days, end) - at(days, index) >= WEEK) return index;
  }
  return null;
}

/** The slope of all pairs, or the median change where that is nearer to the usual: one jump must not make a week of it. */
function slopeOf(week: Track, usual: number): number {
  const pairs = theilSen(thinned(week), () => 1).slope;
  const changes = week.days
    .slice(1)
    .map(
      (day, index) =>
        (at(week.values, index + 1) - at(week.values, index)) / (day - at(week.days, index)),
    );
  const change = median(changes);
  return Math.abs(change - usual) < Math.abs(pairs - usual) ? change : pairs;
}

function latelySince({ track, slope }: Line, weeks: readonly Week[], count: number): Lately | null {
  const start = weeks[count - 1]?.start ?? 0;
  const days = part(track, start);
  const recent = slopeOf(days, slope);
  const floor = Math.max(FLOOR, Math.abs(lastOf(track.values)) * LEVEL_PART) / WEEK;
  const earlier = weeks.slice(count).map((week) => week.slope);
  if (Math.abs(recent - slope) <= floor || !isUnlike(recent, earlier)) return null;
  const before = lineThrough(part(track, 0, start + 1));
  const distance = Math.abs(recent - before.slope);
  const least = Math.max(floor, OTHER * Math.abs(before.slope));
  const sure = distance > Math.max(least, (before.high - before.low) / 2 + chance(before, days));
  return sure ? { slope: recent, before: before.slope } : null;
}

/** Quick, and enough for nearly every series: an earlier week went like this. */
function isUnlike(recent: number, earlier: readonly number[]): boolean {
  const middle = median([...earlier]);
  const spread = TO_SIGMA * median(earlier.map((each) => Math.abs(each - middle)));
  return earlier.every((each) => Math.abs(recent - middle) > Math.abs(each - middle) + spread);
}

/** How far the slope of a week may lie from the true one by chance, were nothing different. */
function chance({ noise }: Line, week: Track): number {
  const sigmas = BEYOND / Z90;
  if (noise.kind === 'wandering') return sigmas * wanderingHalfWidth(week, noise.reach);
  const centre = week.days.reduce((sum, day) => sum + day, 0) / week.days.length;
  const squares = week.days.reduce((sum, day) => sum + (day - centre) ** 2, 0);
  // Days that remember each other vary less within a week, and the week as a whole more: the larger of both stands for either.
  return (sigmas * noise.reach * (1 + noise.memory)) / Math.sqrt(squares);
}
