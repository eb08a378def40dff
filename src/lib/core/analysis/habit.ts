import { median } from 'simple-statistics';
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
    const day = days[index] ?? 0;
    if (day - (days[index - 1] ?? 0) !== 1) continue;
    changes.push({ index, day, bytes: (values[index] ?? 0) - (values[index - 1] ?? 0) });
  }
  return changes;
}

/** From how many scaled deviations on a day is beyond habit. Gaussian noise gets there on one day in 500 million. */
export const BEYOND = 6;

/** Under so many changes there is no habit to speak of. */
export const HABIT_CHANGES = 13;

/** What is smaller than this is of no interest to anybody who looks after disks. */
export const FLOOR = 64 * 2 ** 20;

/** A median absolute deviation times this is the standard deviation, were it Gaussian. */
export const TO_SIGMA = 1.4826;

export interface Habit {
  /** Median change of a day. */
  readonly usual: number;
  /** Scaled median absolute deviation, never so small that less than the floor is beyond it. */
  readonly spread: number;
  /** The same, but what happens on one day in twenty is no exception either. */
  readonly scale: number;
}

export function habitOf(changes: readonly number[], floor: number): Habit {
  if (changes.length === 0) return { usual: 0, spread: floor / BEYOND, scale: floor / BEYOND };
  const usual = median(changes);
  const deviations = changes.map((change) => Math.abs(change - usual)).toSorted((a, b) => b - a);
  const spread = Math.max(TO_SIGMA * median(deviations), floor / BEYOND);
  // Counted in whole days, and at least four, so that two or three odd ones among few are still odd.
  const recurring = deviations[Math.max(4, Math.ceil(changes.length / 20)) - 1] ?? 0;
  return { usual, spread, scale: Math.max(spread, recurring / (BEYOND / 2)) };
}
