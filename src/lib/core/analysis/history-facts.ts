import { type HistoryFacts } from '../model/analysis.ts';
import { type PastSpace } from './past-space.ts';

const DAY = 86_400_000;

/** How far the past reaches that was looked at. Every scan leaves a point for its pools, so that these tell when there was one. */
export function historyFacts(
  past: PastSpace | undefined,
  { at, since }: { readonly at: Date; readonly since: Date },
  askedDays: number,
): HistoryFacts {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const days = new Set<number>();
  for (const { points } of past?.pools ?? []) {
    for (const point of points) {
      const time = point.at.getTime();
      if (point.at < since || point.at > at) continue;
      first = Math.min(first, time);
      last = Math.max(last, time);
      days.add(Math.floor(time / DAY));
    }
  }
  // The scan at hand alone, which was recorded before this was asked, is the present and no past.
  return days.size === 0 || first === at.getTime()
    ? { firstAt: null, lastAt: null, days: 0, askedDays }
    : { firstAt: new Date(first), lastAt: new Date(last), days: days.size, askedDays };
}
