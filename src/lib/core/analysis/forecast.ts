import {
  type BackTest,
  type ConfidenceLevel,
  type DailyValue,
  type Forecast,
  type ForecastPoint,
  type NotEnoughData,
} from '../model/trend.ts';
import { onceInARow } from '../model/lazy.ts';
import { lastOf } from './at.ts';
import { confidenceOf, ROUNDING, tryOut } from './back-test.ts';
import { DAY, dayNumber, dayStart } from './daily.ts';
import { FORECAST_DAYS, missingFor } from './enough.ts';
import { type Projection, projector } from './project.ts';
import { type Track, trackOf } from './track.ts';
import { type Trend, trendOf } from './trend.ts';

/** How far ahead anything is said. */
export const HORIZON_DAYS = 730;

/** A forecast takes a value on half of the days it looks back on. */
const DENSITY = 0.5;

type Reached = Readonly<Record<keyof Projection, number | null>>;

interface TriedOut {
  readonly judged: { readonly confidence: ConfidenceLevel; readonly backTest: BackTest | null };
  readonly project: (days: number) => Projection;
  readonly trend: Trend;
}

/** From so many falls on somebody makes room whenever it gets tight, and it may never be full. */
const FALLS = 2;

function isFreedNowAndThen({ steps }: Trend): boolean {
  return steps.filter(({ bytes }) => bytes < 0).length >= FALLS;
}

/** What no test on days gone by can vouch for. */
function isUnsure(trend: Trend): boolean {
  return trend.lately !== null || isFreedNowAndThen(trend);
}

/** A forecast whose interval would have held what was tried out: one that is asked for when, and for the days ahead. */
const triedOut = onceInARow((series: readonly DailyValue[]): TriedOut => {
  const trend = trendOf(series);
  const { backTest, widening } = tryOut(trend);
  const confidence = isUnsure(trend) ? 'low' : confidenceOf(backTest);
  return { judged: { confidence, backTest }, project: projector(trend, widening), trend };
});

/** When a series reaches `limit`. */
export function forecastOf(series: readonly DailyValue[], limit: number, now: Date): Forecast {
  const track = trackOf(series);
  const missing = missingForForecast(track);
  if (missing !== null) return missing;
  const { judged, project, trend } = triedOut(series);
  if (lastOf(track.values) >= limit) {
    return { state: 'fills', daysUntilFull: 0, fullAtEarliest: now, fullAtLatest: now, ...judged };
  }
  const reached = reachedBy(project, limit, ageOf(track, now));
  const fullAtEarliest = instantOf(reached.high, now);
  if (reached.value === null || fullAtEarliest === null) {
    return { state: 'does-not-fill', horizonDays: HORIZON_DAYS, fullAtEarliest, ...judged };
  }
  return {
    state: 'fills',
    daysUntilFull: reached.value,
    fullAtEarliest,
    fullAtLatest: isFreedNowAndThen(trend) ? null : instantOf(reached.low, now),
    ...judged,
  };
}

/** The days after today, for charts; none without enough data. Space is never negative. */
export function ahead(
  series: readonly DailyValue[],
  now: Date,
  days: number,
): readonly ForecastPoint[] {
  const track = trackOf(series);
  if (missingForForecast(track) !== null) return [];
  const { project } = triedOut(series);
  const age = ageOf(track, now);
  const today = lastOf(track.days) + age;
  return Array.from(
    { length: Math.max(0, Math.min(HORIZON_DAYS, Math.trunc(days))) },
    (_, index) => {
      const { value, low, high } = project(age + index + 1);
      return {
        day: dayStart(today + index + 1),
        value: Math.max(0, value),
        low: Math.max(0, low),
        high: Math.max(0, high),
      };
    },
  );
}

function missingForForecast(track: Track): NotEnoughData | null {
  return missingFor(track, FORECAST_DAYS, DENSITY);
}

/** Whole days since the last value. */
function ageOf(track: Track, now: Date): number {
  return Math.max(0, dayNumber(now) - lastOf(track.days));
}

/** Days from today on which the middle and the ends of the interval reach the limit for the first time. */
function reachedBy(project: (days: number) => Projection, limit: number, age: number): Reached {
  const enough = limit - Math.abs(limit) * ROUNDING;
  const reached: Record<keyof Projection, number | null> = { value: null, low: null, high: null };
  // The end of today is known where today has a value.
  for (let days = age === 0 ? 1 : 0; days <= HORIZON_DAYS && reached.low === null; days += 1) {
    const { value, low, high } = project(age + days);
    if (reached.high === null && high >= enough) reached.high = days;
    if (reached.value === null && value >= enough) reached.value = days;
    if (low >= enough) reached.low = days;
  }
  return reached;
}

function instantOf(days: number | null, now: Date): Date | null {
  if (days === null) return null;
  return days === 0 ? now : new Date(dayNumber(now) * DAY + days * DAY);
}
