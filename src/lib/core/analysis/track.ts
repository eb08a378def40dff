import { type DailyValue } from '../model/trend.ts';
import { at } from './at.ts';
import { dayNumber, isSize, toDaily } from './daily.ts';

/** A daily series as plain numbers: days since 1970, rising, and their values. */
export interface Track {
  readonly days: readonly number[];
  readonly values: readonly number[];
}

/** The distant end of time, as far as `Date` goes. */
const NEVER = new Date(8.64e15);

export function trackOf(series: readonly DailyValue[]): Track {
  const ordered = isOrdered(series)
    ? series
    : toDaily(
        series.map(({ day, value }) => ({ at: day, value })),
        ({ value }) => value,
        NEVER,
      );
  return {
    days: ordered.map(({ day }) => dayNumber(day)),
    values: ordered.map(({ value }) => value),
  };
}

function isOrdered(series: readonly DailyValue[]): boolean {
  let before = -Infinity;
  for (const { day, value } of series) {
    const number = dayNumber(day);
    if (!(number > before) || !isSize(value)) return false;
    before = number;
  }
  return true;
}

/** A part of it, by position. */
export function part(track: Track, from: number, to?: number): Track {
  return { days: track.days.slice(from, to), values: track.values.slice(from, to) };
}

/** Days from the first to the last with a value, both counted. */
export function spanOf({ days }: Track): number {
  const first = days[0];
  const last = days.at(-1);
  return first === undefined || last === undefined ? 0 : last - first + 1;
}

/** What is left above a line through the origin of days; `shift` by position. */
export function above(track: Track, slope: number, origin: number): readonly number[] {
  return track.values.map((value, index) => value - slope * (at(track.days, index) - origin));
}

/** 0 to 6, the same for the same day of the week. */
export function weekdayOf(day: number): number {
  return ((day % 7) + 7) % 7;
}
