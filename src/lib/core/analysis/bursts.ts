import { BEYOND, type Change, FLOOR, HABIT_CHANGES, habitOf } from './habit.ts';
import { jumpsIn } from './jumps.ts';
import { type Track } from './track.ts';

/** A jump of which no more than this part is left a week later has fallen back. */
const LEFT = 0.4;

/** One is an event; a pattern comes again. */
const PATTERN = 2;

/** Whether it rises far beyond habit for some days and falls back, more than once: staged backups, say. */
export function hasBursts(track: Track, changes: readonly Change[]): boolean {
  if (changes.length < HABIT_CHANGES) return false;
  const habit = habitOf(changes, FLOOR);
  const fallen = jumpsIn(track, changes, habit.usual, BEYOND * habit.spread).filter(
    ({ bytes, kept }) => bytes > 0 && kept !== null && kept <= LEFT * bytes,
  );
  return fallen.length >= PATTERN;
}
