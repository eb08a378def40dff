import { type DailyValue } from '../../src/lib/core/model/trend.ts';

export const GIB = 2 ** 30;
export const DAY = 86_400_000;

/** A Monday. */
export const FIRST_DAY = new Date('2026-01-05T00:00:00Z');

export function dayAt(index: number): Date {
  return new Date(FIRST_DAY.getTime() + index * DAY);
}

/** Values of consecutive days; null leaves a day out. */
export function daily(values: readonly (number | null)[]): readonly DailyValue[] {
  return values.flatMap((value, index) => (value === null ? [] : [{ day: dayAt(index), value }]));
}

/** One value a day, by its number from 0. */
export function dailyOf(days: number, valueOf: (day: number) => number): readonly DailyValue[] {
  return daily(Array.from({ length: days }, (_, day) => valueOf(day)));
}

/** Noon of the last day of so many. */
export function noonAfter(days: number): Date {
  return new Date(dayAt(days - 1).getTime() + DAY / 2);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export type NoiseKind = 'gaussian' | 'heavy-tailed' | 'autocorrelated' | 'weekly' | 'wandering';

const WEEK = [0, 1, 2, 3, 4, 6, -2];

/** Noise about nothing, of one kind, a value a day; one unit is the deviation of what is new on a day. */
export function noise(kind: NoiseKind, days: number, random: () => number): readonly number[] {
  let before = gaussian(random) * 1.4;
  let walk = 0;
  return Array.from({ length: days }, (_, day) => {
    const fresh = gaussian(random);
    before = 0.7 * before + fresh;
    walk += fresh;
    switch (kind) {
      case 'gaussian':
        return fresh;
      case 'heavy-tailed':
        return fresh / Math.hypot(...[1, 2, 3].map(() => gaussian(random) / Math.sqrt(3)));
      case 'autocorrelated':
        return before;
      case 'weekly':
        return fresh + (WEEK[day % 7] ?? 0);
      case 'wandering':
        return walk;
    }
  });
}
