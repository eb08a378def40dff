import { type DailyValue, type Forecast, type ForecastPoint } from '../model/analysis.ts';

/** How far ahead anything is said. */
export const HORIZON_DAYS = 730;
export const FORECAST_DAYS = 14;
export const FORECAST_SPAN_DAYS = 14;

export function forecastOf(series: readonly DailyValue[], _limit: number, _now: Date): Forecast {
  return {
    state: 'not-enough-data',
    days: series.length,
    spanDays: 0,
    neededDays: FORECAST_DAYS,
    neededSpanDays: FORECAST_SPAN_DAYS,
  };
}

/** The days ahead, for charts; none without enough data. */
export function ahead(
  _series: readonly DailyValue[],
  _now: Date,
  _days: number,
): readonly ForecastPoint[] {
  return [];
}
