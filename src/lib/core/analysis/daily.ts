import { type DailyValue } from '../model/analysis.ts';

const DAY = 86_400_000;

/** The last value of each UTC day, in order; days without one stay missing, and what lies in the future is dropped. */
export function toDaily<P extends { readonly at: Date }>(
  points: readonly P[],
  valueOf: (point: P) => number | null,
  now: Date,
): readonly DailyValue[] {
  const latest = now.getTime() + DAY;
  const lastOf = new Map<number, { readonly at: number; readonly value: number }>();
  for (const point of points) {
    const at = point.at.getTime();
    const value = valueOf(point);
    if (value === null || !Number.isFinite(value) || !Number.isFinite(at) || at > latest) continue;
    const day = Math.floor(at / DAY);
    const known = lastOf.get(day);
    if (known === undefined || at >= known.at) lastOf.set(day, { at, value });
  }
  return [...lastOf]
    .toSorted(([left], [right]) => left - right)
    .map(([day, { value }]) => ({ day: new Date(day * DAY), value }));
}
