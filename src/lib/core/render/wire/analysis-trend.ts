import { type HistoryFacts } from '../../model/analysis.ts';
import {
  type BackTest,
  type DailyValue,
  type Forecast,
  type Growth,
  type NotEnoughData,
} from '../../model/trend.ts';
import { type AnalysisWire } from './analysis-schema.ts';

/* Growth, forecasts and days of an analysis in the wire form. */

type Volume = AnalysisWire['volumes'][number];

const DAY = 86_400_000;

/** An integer, and never the zero JSON writes with a sign. */
export function whole(value: number): number {
  return Math.round(value) + 0;
}

/** As many digits as a ratio means something with. */
export function rounded<T extends number | null>(value: T): T extends null ? number | null : number;
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6 + 0;
}

export function isoDay(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** How far history reaches. */
export function toBackground(history: HistoryFacts): AnalysisWire['history'] {
  const { firstAt, lastAt, days, askedDays } = history;
  return {
    first_at: firstAt?.toISOString() ?? null,
    last_at: lastAt?.toISOString() ?? null,
    days,
    asked_days: askedDays,
  };
}

/** One number a day, so that ten thousand volumes stay small; days without one are null. */
export function toDays(history: readonly DailyValue[]): Volume['history'] {
  const [first] = history;
  if (first === undefined) return null;
  const bytes: (number | null)[] = [];
  for (const { day, value } of history) {
    const index = Math.round((day.getTime() - first.day.getTime()) / DAY);
    while (bytes.length < index) bytes.push(null);
    bytes[index] = whole(Math.max(0, value));
  }
  return { first_day: isoDay(first.day), bytes };
}

function toMissing({ days, spanDays, neededDays, neededSpanDays }: NotEnoughData) {
  return {
    state: 'not_enough_data' as const,
    days,
    span_days: spanDays,
    needed_days: neededDays,
    needed_span_days: neededSpanDays,
  };
}

export function toGrowth(growth: Growth): Volume['growth'] {
  if (growth.state === 'not-enough-data') return toMissing(growth);
  return {
    state: 'known',
    bytes_per_day: whole(growth.bytesPerDay),
    low_bytes_per_day: whole(growth.low),
    high_bytes_per_day: whole(growth.high),
    least_squares_bytes_per_day: whole(growth.leastSquaresBytesPerDay),
    days: growth.days,
    span_days: growth.spanDays,
    patterns: [...growth.patterns],
    steps: growth.steps.map(({ day, bytes }) => ({ day: isoDay(day), bytes: whole(bytes) })),
  };
}

/** The same keys in every state, so that a template that asks for one gets an answer. */
export function toForecast(forecast: Forecast): Volume['forecast'] {
  switch (forecast.state) {
    case 'fills':
      return {
        state: 'fills',
        days_until_full: forecast.daysUntilFull,
        full_at_earliest: forecast.fullAtEarliest.toISOString(),
        full_at_latest: forecast.fullAtLatest?.toISOString() ?? null,
        confidence_level: forecast.confidence,
        back_test: toBackTest(forecast.backTest),
      };
    case 'does-not-fill':
      return {
        state: 'does_not_fill',
        days_until_full: null,
        full_at_earliest: forecast.fullAtEarliest?.toISOString() ?? null,
        full_at_latest: null,
        horizon_days: forecast.horizonDays,
        confidence_level: forecast.confidence,
        back_test: toBackTest(forecast.backTest),
      };
    case 'not-enough-data':
      return {
        ...toMissing(forecast),
        days_until_full: null,
        full_at_earliest: null,
        full_at_latest: null,
        confidence_level: null,
      };
  }
}

function toBackTest(test: BackTest | null) {
  if (test === null) return null;
  return {
    held_back_days: test.heldBackDays,
    coverage: rounded(test.coverage),
    median_error: rounded(test.medianError),
  };
}
