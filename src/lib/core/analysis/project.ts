import { median } from 'simple-statistics';
import { at, lastOf } from './at.ts';
import { BEYOND, TO_SIGMA } from './habit.ts';
import { type Lately } from './lately.ts';
import { type Line } from './line.ts';
import { inflationOf } from './noise.ts';
import { weekdayOf } from './track.ts';
import { type Trend } from './trend.ts';

/** A value ahead and its 90 % interval. */
export interface Projection {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * From the last day on: what a series will be so many days after it.
 *
 * @param widening by how much the interval is wider than the days themselves say
 */
export function projector(
  { line, rhythm, lately }: Trend,
  widening = 1,
): (days: number) => Projection {
  const { noise, track } = line;
  const last = lastOf(track.days);
  const spread = spreadOf(line);
  const course = lately === null ? courseOf(line) : between(line, lately);
  return (days) => {
    const beat = rhythm === null ? 0 : at(rhythm, weekdayOf(last + days));
    const half = widening * spread(days);
    const { value, low, high } = course(
      days,
      noise.kind === 'wandering' ? 1 : noise.memory ** days,
    );
    return { value: value + beat, low: low + beat - half, high: high + beat + half };
  };
}

/** Where it goes, noise apart; `kept` is what is left of today's distance from the line. */
type Course = (days: number, kept: number) => Projection;

function courseOf(line: Line): Course {
  const { slope, level, residuals } = line;
  const above = lastOf(residuals);
  const jump = unsettled(line);
  return (days, kept) => {
    const value = level + slope * days + above * kept;
    // A jump of the last days is a burst or a step; until days tell, the interval holds both.
    const stays = jump * (1 - kept);
    return { value, low: value + Math.min(0, stays), high: value + Math.max(0, stays) };
  };
}

/**
 * From today's level on, with the old growth at one end and that of the last week at the other. Between them the faster one is
 * taken: who is warned too early loses less.
 */
function between({ level, residuals }: Line, { slope, before }: Lately): Course {
  const today = level + lastOf(residuals);
  return (days) => {
    const high = today + Math.max(slope, before) * days;
    return { value: high, low: today + Math.min(slope, before) * days, high };
  };
}

/** The last residual where it is far beyond the others, else nothing. */
function unsettled({ residuals }: Line): number {
  const last = lastOf(residuals);
  const scale = TO_SIGMA * median(residuals.map(Math.abs));
  return Math.abs(last) > BEYOND * scale ? last : 0;
}

/** Half the width of the interval, so many days ahead: noise of the days between, of the slope, and of the level. */
export function spreadOf({ noise, low, high, track }: Line): (days: number) => number {
  const half = (high - low) / 2;
  if (noise.kind === 'wandering') {
    return (days) => Math.hypot(noise.reach * Math.sqrt(days), half * days);
  }
  const count = track.days.length;
  const last = lastOf(track.days);
  const middle = last - track.days.reduce((sum, day) => sum + day, 0) / count;
  const level = noise.reach * Math.sqrt(inflationOf(track, noise.memory) / count);
  return (days) =>
    Math.hypot(
      noise.reach * Math.sqrt(1 - noise.memory ** (2 * days)),
      half * (days + middle),
      level,
    );
}
