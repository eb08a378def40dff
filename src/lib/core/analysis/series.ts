import { type DailyValue } from '../model/trend.ts';

/**
 * A series that ends with the scan at hand, which may have been recorded already. Points after it come from a clock that was
 * wrong, or from scans made since one that was kept.
 */
export function throughPresent<P extends { readonly at: Date }>(
  past: readonly P[],
  present: P,
  since: Date,
): readonly P[] {
  const first = since.getTime();
  const last = present.at.getTime();
  const points = past.filter(({ at }) => at.getTime() >= first && at.getTime() < last);
  points.push(present);
  return points;
}

/**
 * Several series as one, on every day any of them has a value. One that lacks a day counts as on the day before, and as nothing
 * before its first: what comes later comes as a step.
 */
export function sumOfDays(series: readonly (readonly DailyValue[])[]): readonly DailyValue[] {
  const changes = new Map<number, number>();
  for (const each of series) {
    let before = 0;
    for (const { day, value } of each) {
      const at = day.getTime();
      changes.set(at, (changes.get(at) ?? 0) + value - before);
      before = value;
    }
  }
  let sum = 0;
  return [...changes]
    .toSorted(([one], [other]) => one - other)
    .map(([at, change]) => {
      sum += change;
      return { day: new Date(at), value: sum };
    });
}
