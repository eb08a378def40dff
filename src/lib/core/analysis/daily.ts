import { type DailyValue } from '../model/trend.ts';

/** Milliseconds of a day in UTC, which has no other lengths. */
export const DAY = 86_400_000;

/** Clocks of servers may be ahead by some hours; what lies further ahead comes from a clock that was wrong. */
const TOLERANCE = DAY;

/** ZFS counts in 64 bits: nothing larger is a size, and sums of what is smaller stay finite. */
const LARGEST = 2 ** 64;

/** Days since 1970 of an instant. */
export function dayNumber(at: Date): number {
  return Math.floor(at.getTime() / DAY);
}

export function dayStart(day: number): Date {
  return new Date(day * DAY);
}

/**
 * The last value of each UTC day, in order. Points may come in any order and more than once; of several at one instant
 * the larger value counts, so that the order does not. Days without a value stay missing.
 */
export function toDaily<P extends { readonly at: Date }>(
  points: readonly P[],
  valueOf: (point: P) => number | null,
  now: Date,
): readonly DailyValue[] {
  const latest = now.getTime() + TOLERANCE;
  const days: DayValue[] = [];
  const inOrder = points.every((point) => {
    const at = point.at.getTime();
    const value = valueOf(point);
    if (value === null || !isSize(value) || !(at <= latest)) return true;
    return takeInOrder(days, { day: Math.floor(at / DAY), at, value });
  });
  if (!inOrder) return toDaily(points.toSorted(byInstant), valueOf, now);
  return days.map(({ day, value }) => ({ day: dayStart(day), value }));
}

interface DayValue {
  readonly day: number;
  readonly at: number;
  readonly value: number;
}

/** History gives its points in order. @returns false where this one comes late */
function takeInOrder(days: DayValue[], next: DayValue): boolean {
  const last = days.at(-1);
  if (last === undefined || next.day > last.day) {
    days.push(next);
    return true;
  }
  if (next.at < last.at) return false;
  if (next.at > last.at || next.value > last.value) days[days.length - 1] = next;
  return true;
}

function byInstant(
  { at: one }: { readonly at: Date },
  { at: other }: { readonly at: Date },
): number {
  return one.getTime() - other.getTime();
}

/** Whether it can be counted with. NaN, infinities and what no disk holds cannot. */
export function isSize(value: number): boolean {
  return Math.abs(value) <= LARGEST;
}
