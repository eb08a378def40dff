import { BEYOND, type Change, FLOOR, HABIT_CHANGES, habitOf } from './habit.ts';
import { type Jump, jumpsIn, shiftAt } from './jumps.ts';
import { type Track } from './track.ts';

/** A change of level that stayed. */
export type Step = Jump;

export interface Steps {
  readonly steps: readonly Step[];
  /** Jumps of like size come again and again: that is how it grows, and none of them is a step. */
  readonly recurring: boolean;
}

/** Part of a jump that must still be there in the week after. */
const KEPT = 0.6;

/** From this many of like size and direction on they are a habit: a monthly import, say. */
const HABITUAL = 3;
const LIKE = 2;

export function stepsIn(track: Track, changes: readonly Change[]): Steps {
  if (changes.length < HABIT_CHANGES) return { steps: [], recurring: false };
  const habit = habitOf(changes, FLOOR);
  const lasting = jumpsIn(track, changes, habit.usual, BEYOND * habit.scale).filter(isKept);
  const habitual = [...areAlike(lasting, 1), ...areAlike(lasting, -1)];
  return {
    steps: lasting.filter((jump) => !habitual.includes(jump)),
    recurring: habitual.length > 0,
  };
}

function isKept({ bytes, kept }: Jump): boolean {
  return kept !== null && kept * Math.sign(bytes) >= KEPT * Math.abs(bytes);
}

function areAlike(jumps: readonly Jump[], sign: 1 | -1): readonly Jump[] {
  const same = jumps.filter(({ bytes }) => Math.sign(bytes) === sign);
  const sizes = same.map(({ bytes }) => Math.abs(bytes));
  const alike = same.length >= HABITUAL && Math.max(...sizes) <= LIKE * Math.min(...sizes);
  return alike ? same : [];
}

/** Sizes by the three days on either side, once the slope is known well: one day alone carries its noise. */
export function measured(track: Track, steps: readonly Step[], slope: number): readonly Step[] {
  return steps.map((step) => {
    const bytes = shiftAt(track, step, slope, 3, 3);
    const sound = bytes !== null && Math.abs(bytes - step.bytes) <= Math.abs(step.bytes) * 0.3;
    return sound ? { ...step, bytes } : step;
  });
}

/** As if the level of now had been there from the first day on. */
export function withoutSteps({ days, values }: Track, steps: readonly Step[]): Track {
  if (steps.length === 0) return { days, values };
  return {
    days,
    values: values.map((value, position) => {
      let lifted = value;
      for (const { index, until, bytes } of steps) {
        if (position < index) lifted += bytes;
        // Between the two days of a step its first half has happened: neither level.
        else if (position < until) lifted += bytes / 2;
      }
      return lifted;
    }),
  };
}
