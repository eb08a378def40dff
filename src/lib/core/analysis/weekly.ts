import { median } from 'simple-statistics';
import { type Change } from './habit.ts';
import { type Track, weekdayOf } from './track.ts';

/** How far each day of the week lies from the line; seven values that sum to nothing. */
export type Rhythm = readonly number[];

const WEEK = 7;

/** Four whole weeks, and three changes at least for each day of the week. */
const RHYTHM_CHANGES = 27;
const CHANGES_EACH = 3;

/**
 * 99.9 % quantile of chi-squared with 6 degrees of freedom. Changes of a noisy level are not independent (a high day
 * makes the next change low), which makes chance pass this about four times in a thousand rather than once.
 */
const CRITICAL = 22.458;

/** Of long series even faint rhythms are significant: it must explain this part of the ranks' variance. */
const STRENGTH = 0.1;

/** Kruskal and Wallis (1952): whether changes rank by the day of the week more than chance lets them. */
export function isWeekly(changes: readonly Change[]): boolean {
  if (changes.length < RHYTHM_CHANGES) return false;
  const counts = new Array<number>(WEEK).fill(0);
  const sums = new Array<number>(WEEK).fill(0);
  const { ranks, untied } = ranksOf(changes.map(({ bytes }) => bytes));
  changes.forEach(({ day }, at) => {
    const weekday = weekdayOf(day);
    counts[weekday] = (counts[weekday] ?? 0) + 1;
    sums[weekday] = (sums[weekday] ?? 0) + (ranks[at] ?? 0);
  });
  if (Math.min(...counts) < CHANGES_EACH || untied === 0) return false;
  const total = changes.length;
  const between = sums.reduce((sum, ranked, at) => sum + ranked ** 2 / (counts[at] ?? 1), 0);
  const statistic = ((12 / (total * (total + 1))) * between - 3 * (total + 1)) / untied;
  return statistic > CRITICAL && statistic / (total - 1) >= STRENGTH;
}

/** Ranks from 1, equal values sharing theirs, and the part of the variance that ties leave. */
function ranksOf(values: readonly number[]): { ranks: readonly number[]; untied: number } {
  const order = values.map((_, at) => at).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  let tied = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (const at of order.slice(from, to)) ranks[at] = (from + 1 + to) / 2;
    tied += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, untied: 1 - tied / (values.length ** 3 - values.length) };
}

/** The median of what lies above the line, for each day of the week. */
export function rhythmOf({ days }: Track, residuals: readonly number[]): Rhythm {
  const byWeekday = Array.from({ length: WEEK }, (_, weekday) =>
    residuals.filter((_residual, at) => weekdayOf(days[at] ?? 0) === weekday),
  ).map((values) => (values.length === 0 ? 0 : median(values)));
  const centre = byWeekday.reduce((sum, value) => sum + value, 0) / WEEK;
  return byWeekday.map((value) => value - centre);
}

export function withoutRhythm({ days, values }: Track, rhythm: Rhythm | null): Track {
  if (rhythm === null) return { days, values };
  return {
    days,
    values: values.map((value, at) => value - (rhythm[weekdayOf(days[at] ?? 0)] ?? 0)),
  };
}
