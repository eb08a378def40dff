import { median } from 'simple-statistics';
import { at } from './at.ts';
import { type Change, FLOOR } from './habit.ts';
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

/** The rhythm of days about their line, or null where chance or counting in whole blocks may be all there is to it. */
export function rhythmIn(
  track: Track,
  residuals: readonly number[],
  changes: readonly Change[],
): Rhythm | null {
  if (!isWeekly(changes)) return null;
  const rhythm = rhythmOf(track, residuals);
  return Math.max(...rhythm) - Math.min(...rhythm) >= FLOOR ? rhythm : null;
}

/** Kruskal and Wallis (1952): whether changes rank by the day of the week more than chance lets them. */
function isWeekly(changes: readonly Change[]): boolean {
  if (changes.length < RHYTHM_CHANGES) return false;
  const counts = new Array<number>(WEEK).fill(0);
  const sums = new Array<number>(WEEK).fill(0);
  const { ranks, untied } = ranksOf(changes.map(({ bytes }) => bytes));
  changes.forEach(({ day }, index) => {
    const weekday = weekdayOf(day);
    counts[weekday] = at(counts, weekday) + 1;
    sums[weekday] = at(sums, weekday) + at(ranks, index);
  });
  if (Math.min(...counts) < CHANGES_EACH || untied === 0) return false;
  const total = changes.length;
  const between = sums.reduce((sum, ranked, index) => sum + ranked ** 2 / at(counts, index), 0);
  const statistic = ((12 / (total * (total + 1))) * between - 3 * (total + 1)) / untied;
  return statistic > CRITICAL && statistic / (total - 1) >= STRENGTH;
}

/** Ranks from 1, equal values sharing theirs, and the part of the variance that ties leave. */
function ranksOf(values: readonly number[]): { ranks: readonly number[]; untied: number } {
  const order = values.map((_, index) => index).toSorted((a, b) => at(values, a) - at(values, b));
  const ranks = new Array<number>(values.length).fill(0);
  let tied = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[at(order, to)] === values[at(order, from)]) to += 1;
    for (const index of order.slice(from, to)) ranks[index] = (from + 1 + to) / 2;
    tied += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, untied: 1 - tied / (values.length ** 3 - values.length) };
}

/** The median of what lies above the line, for each day of the week. */
function rhythmOf({ days }: Track, residuals: readonly number[]): Rhythm {
  const byWeekday = Array.from({ length: WEEK }, (_, weekday) =>
    residuals.filter((_residual, index) => weekdayOf(at(days, index)) === weekday),
  ).map(median);
  const centre = byWeekday.reduce((sum, value) => sum + value, 0) / WEEK;
  return byWeekday.map((value) => value - centre);
}

export function withoutRhythm({ days, values }: Track, rhythm: Rhythm | null): Track {
  if (rhythm === null) return { days, values };
  return {
    days,
    values: values.map((value, index) => value - at(rhythm, weekdayOf(at(days, index)))),
  };
}
