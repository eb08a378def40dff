import { median } from 'simple-statistics';
import { at } from './at.ts';
import { type Track } from './track.ts';

/** How much changed from one day to the next; `index` is the later day's position. */
export interface Change {
  readonly index: number;
  readonly day: number;
  readonly bytes: number;
}

/** Changes of consecutive days only: over a gap nobody knows on which day it happened. */
export function changesOf({ days, values }: Track): readonly Change[] {
  const changes: Change[] = [];
  for (let index = 1; index < days.length; index += 1) {
    const day = at(days, index);
    if (day - at(days, index - 1) !== 1) continue;
    changes.push({ index, day, bytes: at(values, index) - at(values, index - 1) });
  }
  return changes;
}

/** From how many scaled deviations on a day is beyond habit. Gaussian noise gets there on one day in 500 million. */
export const BEYOND = 6;

/** Under so many changes there is no habit to speak of. */
export const HABIT_CHANGES = 20;

/** What is smaller than this is of no interest to anybody who looks after disks. */
export const FLOOR = 64 * 2 ** 20;

/** A median absolute deviation times this is the standard deviation, were it Gaussian. */
export const TO_SIGMA = 1.4826;

export interface Habit {
  /** Median change of a day. */
  readonly usual: number;
  /** Scaled median absolute deviation, never so small that less than the floor is beyond it. */
  readonly spread: number;
  /** The same, but what happens in one week of three is no exception either. */
  readonly scale: number;
}

/** Weeks of which something may happen in and still be habit: one in three, and four at least. */
const WEEKS = { part: 3, least: 4 };

export function habitOf(changes: readonly Change[], floor: number): Habit {
  const usual = median(changes.map(({ bytes }) => bytes));
  const deviations = changes.map(({ bytes }) => Math.abs(bytes - usual));
  const spread = Math.max(TO_SIGMA * median(deviations), floor / BEYOND);
  return { usual, spread, scale: Math.max(spread, recurring(changes, usual) / (BEYOND / 2)) };
}

/**
 * The largest deviation that came in one week of three. Weeks and not days are counted: what only the last ones show is no habit
 * yet, however often it shows.
 */
function recurring(changes: readonly Change[], usual: number): number {
  const weeks = new Map<number, number>();
  for (const { day, bytes } of changes) {
    const week = Math.floor(day / 7);
    weeks.set(week, Math.max(weeks.get(week) ?? 0, Math.abs(bytes - usual)));
  }
  const largest = [...weeks.values()].toSorted((one, other) => other - one);
  return largest[Math.max(WEEKS.least, Math.ceil(largest.length / WEEKS.part)) - 1] ?? 0;
}
