import { type DailyValue, type Forecast, type Growth } from '../model/trend.ts';
import { onceInARow } from '../model/lazy.ts';
import { ahead, forecastOf, HORIZON_DAYS } from './forecast.ts';
import { growthOf } from './growth.ts';

/** How far ahead it is asked what something comes to at most. */
export const LOOK_AHEAD_DAYS = 180;

const DAY = 86_400_000;

/** What is said of the days of one volume. */
export interface Statistics {
  growth(days: readonly DailyValue[]): Growth;
  forecast(days: readonly DailyValue[], limit: number, at: Date): Forecast;
  /** The most it comes to, by the fast end of its forecast; undefined where nothing can be said. */
  highest(days: readonly DailyValue[], at: Date): number | undefined;
}

/** Everything there is to say. It takes up to half a millisecond for each volume. */
export const THOROUGH: Statistics = {
  growth: growthOf,
  forecast: forecastOf,
  highest(days, at) {
    const points = ahead(days, at, LOOK_AHEAD_DAYS);
    if (points.length === 0) return undefined;
    return points.reduce((most, { high }) => Math.max(most, high), 0);
  },
};

/** Enough for a slope, and a twentieth of the pairs of ninety days. */
const FEW_DAYS = 20;

/** Every so many days, the last among them. */
const thinned = onceInARow((days: readonly DailyValue[]): readonly DailyValue[] => {
  const every = Math.floor(days.length / FEW_DAYS);
  return every < 2 ? days : days.filter((_, at) => (days.length - 1 - at) % every === 0);
});

/** The day on which a line reaches a limit; null where that is beyond all forecasts. */
function reachedAt(room: number, slope: number): number | null {
  if (room <= 0) return 0;
  const days = slope > 0 ? Math.ceil(room / slope) : Number.POSITIVE_INFINITY;
  return days > HORIZON_DAYS ? null : days;
}

function instantAfter(days: number | null, at: Date): Date | null {
  return days === null ? null : new Date(at.getTime() + days * DAY);
}

/** What a line alone says, without noise, rhythm or a back-test. */
function alongLine(
  { bytesPerDay, low, high }: Extract<Growth, { state: 'known' }>,
  room: number,
  at: Date,
): Forecast {
  const daysUntilFull = reachedAt(room, bytesPerDay);
  const fullAtEarliest = instantAfter(reachedAt(room, high), at);
  const judged = { confidence: 'low', backTest: null } as const;
  if (daysUntilFull === null || fullAtEarliest === null) {
    return { state: 'does-not-fill', horizonDays: HORIZON_DAYS, fullAtEarliest, ...judged };
  }
  const fullAtLatest = instantAfter(reachedAt(room, low), at);
  return { state: 'fills', daysUntilFull, fullAtEarliest, fullAtLatest, ...judged };
}

function lastOf(days: readonly DailyValue[]): number {
  return days.at(-1)?.value ?? 0;
}

/** For the many of a large estate that neither grow much nor fill soon: the slope of some of their days, and its line. */
export const QUICK: Statistics = {
  growth: (days) => growthOf(thinned(days)),
  forecast(days, limit, at) {
    const growth = QUICK.growth(days);
    return growth.state === 'known' ? alongLine(growth, limit - lastOf(days), at) : growth;
  },
  highest(days) {
    const growth = QUICK.growth(days);
    if (growth.state !== 'known') return undefined;
    return lastOf(days) + Math.max(0, growth.high) * LOOK_AHEAD_DAYS;
  },
};
