import { type DailyValue, type Growth } from '../model/analysis.ts';

export const GROWTH_DAYS = 7;
export const GROWTH_SPAN_DAYS = 7;

export function growthOf(series: readonly DailyValue[]): Growth {
  return {
    state: 'not-enough-data',
    days: series.length,
    spanDays: 0,
    neededDays: GROWTH_DAYS,
    neededSpanDays: GROWTH_SPAN_DAYS,
  };
}
