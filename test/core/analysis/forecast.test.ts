import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ahead, forecastOf, HORIZON_DAYS } from '../../../src/lib/core/analysis/forecast.ts';
import { type DailyValue, type Forecast } from '../../../src/lib/core/model/analysis.ts';
import {
  daily,
  dailyOf,
  DAY,
  dayAt,
  gaussian,
  GIB,
  noise,
  noonAfter,
  randomFrom,
} from '../../support/daily-series.ts';

function filling(
  series: readonly DailyValue[],
  limit: number,
  now: Date,
): Forecast & { readonly state: 'fills' } {
  const forecast = forecastOf(series, limit, now);
  if (forecast.state !== 'fills') throw new Error(forecast.state);
  return forecast;
}

const line = (days: number, slope: number, level = 100) =>
  dailyOf(days, (day) => GIB * (level + slope * day));

const noisy = (days: number, seed: number, deviation: number) => {
  const random = randomFrom(seed);
  return dailyOf(days, (day) => GIB * (500 + day + deviation * gaussian(random)));
};

describe('a forecast', () => {
  test('of a line is exact, whatever its slope and level', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 14, max: 200 }),
        fc.integer({ min: 1, max: HORIZON_DAYS }),
        (slope, level, days, ahead) => {
          const limit = GIB * (level + slope * (days - 1 + ahead));
          const forecast = filling(line(days, slope, level), limit, noonAfter(days));
          const full = dayAt(days - 1 + ahead);
          expect(forecast).toMatchObject({
            daysUntilFull: ahead,
            fullAtEarliest: full,
            fullAtLatest: full,
          });
          if (forecast.backTest !== null) {
            expect(forecast.backTest.coverage).toBe(1);
            expect(forecast.backTest.medianError).toBeCloseTo(0, 9);
          }
        },
      ),
      { seed: 11 },
    );
  });

  test('counts whole days: on the day before, it is not full', () => {
    expect(filling(line(20, 10), GIB * (100 + 190 + 25), noonAfter(20)).daysUntilFull).toBe(3);
  });

  test('counts from now where the last value is days old', () => {
    const now = new Date(noonAfter(30).getTime() + 5 * DAY);
    const limit = GIB * (100 + 29 + 20);
    expect(filling(line(30, 1), limit, now)).toMatchObject({
      daysUntilFull: 15,
      fullAtEarliest: dayAt(49),
    });
    expect(filling(line(30, 1), GIB * (100 + 29 + 3), now)).toMatchObject({
      daysUntilFull: 0,
      fullAtEarliest: now,
      fullAtLatest: now,
    });
  });

  test('says zero days where the limit is reached', () => {
    const now = noonAfter(40);
    expect(filling(line(40, -1), 61 * GIB, now)).toMatchObject({
      daysUntilFull: 0,
      fullAtEarliest: now,
      fullAtLatest: now,
    });
  });

  test('does not fill what is flat, shrinks, or takes longer than two years', () => {
    const never = {
      state: 'does-not-fill',
      horizonDays: HORIZON_DAYS,
      fullAtEarliest: null,
      confidence: 'high',
      backTest: { heldBackDays: 15, coverage: 1, medianError: 0 },
    };
    for (const level of [0, 100]) {
      expect(forecastOf(line(60, 0, level), 200 * GIB, noonAfter(60))).toEqual(never);
    }
    expect(forecastOf(line(60, -1), 200 * GIB, noonAfter(60))).toMatchObject({
      state: 'does-not-fill',
    });
    expect(forecastOf(line(60, 1), 900 * GIB, noonAfter(60))).toMatchObject({
      state: 'does-not-fill',
    });
    expect(forecastOf(line(60, 1), Infinity, noonAfter(60))).toMatchObject({
      state: 'does-not-fill',
    });
  });

  test('has a wider interval the more noise there is', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 20 }), (seed, factor) => {
        const width = (deviation: number) => {
          const { fullAtEarliest, fullAtLatest } = filling(
            noisy(90, seed, deviation),
            700 * GIB,
            noonAfter(90),
          );
          return (fullAtLatest?.getTime() ?? Infinity) - fullAtEarliest.getTime();
        };
        expect(width(0)).toBe(0);
        expect(width(0.5 * factor)).toBeGreaterThan(width(0.5));
      }),
      { seed: 12, numRuns: 50 },
    );
  });

  test('is as good as what it held back: the back-test decides how far it is trusted', () => {
    const calm = filling(noisy(90, 13, 1), 700 * GIB, noonAfter(90));
    expect(calm).toMatchObject({ confidence: 'high', backTest: { heldBackDays: 23 } });
    const turned = dailyOf(40, (day) => GIB * (100 + (day < 31 ? day : 31 + 20 * (day - 31))));
    expect(forecastOf(turned, 5000 * GIB, noonAfter(40))).toMatchObject({
      confidence: 'low',
      backTest: { heldBackDays: 10 },
    });
  });

  test('is less certain where it would not have held the days held back', () => {
    const grown = (later: number) => {
      const random = randomFrom(17);
      let walked = 0;
      return dailyOf(90, (day) => {
        walked += (day < 67 ? 4.1 : later) + 0.2 * gaussian(random);
        return GIB * (500 + walked);
      });
    };
    const aheadOf = (later: number) => {
      const series = grown(later);
      const { value = NaN, low = NaN, high = NaN } = ahead(series, noonAfter(90), 23).at(-1) ?? {};
      expect(high - value).toBeCloseTo(value - low, 0);
      return { half: (high - low) / 2 / GIB, forecast: filling(series, 1200 * GIB, noonAfter(90)) };
    };
    const steady = aheadOf(4.1);
    const faster = aheadOf(4.5);
    expect(steady.forecast.backTest?.coverage).toBeGreaterThanOrEqual(0.9);
    expect(faster.forecast).toMatchObject({ confidence: 'low' });
    // It was 9 GiB off after 23 days, and says now that it may be again.
    expect(faster.half).toBeGreaterThan(9);
    expect(steady.half).toBeLessThan(3);
  });

  test('is of low confidence where there are too few days to hold any back', () => {
    expect(filling(line(20, 1), 200 * GIB, noonAfter(20))).toMatchObject({
      confidence: 'low',
      backTest: null,
    });
    expect(filling(line(21, 1), 200 * GIB, noonAfter(21)).backTest).toMatchObject({
      heldBackDays: 7,
    });
  });

  test('does not take a migration for growth, and starts from the level after it', () => {
    const series = dailyOf(60, (day) => GIB * (100 + day + (day >= 40 ? 800 : 0)));
    expect(filling(series, GIB * (100 + 59 + 800 + 50), noonAfter(60))).toMatchObject({
      daysUntilFull: 50,
      confidence: 'high',
    });
  });

  test('holds both while a jump of the last days may be a burst or stay', () => {
    const random = randomFrom(14);
    const series = dailyOf(
      90,
      (day) => GIB * (500 + day + gaussian(random) + (day >= 88 ? 100 : 0)),
    );
    const points = ahead(series, noonAfter(90), 30);
    const month = points.at(-1);
    expect(month?.low).toBeLessThan(620 * GIB);
    expect(month?.high).toBeGreaterThan(715 * GIB);
  });

  test('takes 14 days, and values on half of the days', () => {
    expect(forecastOf(line(13, 1), 200 * GIB, noonAfter(13))).toEqual({
      state: 'not-enough-data',
      days: 13,
      spanDays: 13,
      neededDays: 14,
      neededSpanDays: 14,
    });
    const gappy = daily(
      Array.from({ length: 80 }, (_, day) => (day > 10 && day < 60 ? null : GIB * day)),
    );
    expect(forecastOf(gappy, 200 * GIB, noonAfter(80))).toMatchObject({
      state: 'not-enough-data',
      days: 31,
      neededDays: 40,
    });
    expect(ahead(gappy, noonAfter(80), 10)).toEqual([]);
  });
});

describe('the days ahead', () => {
  test('follow a line exactly, a day each from tomorrow on', () => {
    expect(ahead(line(30, 2), noonAfter(30), 3).map(({ day }) => day)).toEqual(
      [30, 31, 32].map(dayAt),
    );
    for (const [at, point] of ahead(line(30, 2), noonAfter(30), 365).entries()) {
      const value = 100 + 2 * (30 + at);
      for (const said of [point.value, point.low, point.high])
        expect(said / GIB).toBeCloseTo(value, 6);
    }
  });

  test('keep the rhythm of the week', () => {
    const beat = [0, 5, 9, 12, 14, -20, -20];
    const random = randomFrom(15);
    const expected = (day: number) => 500 + day + (beat[day % 7] ?? 0);
    const series = dailyOf(84, (day) => GIB * (expected(day) + gaussian(random) / 2));
    for (const [at, { value }] of ahead(series, noonAfter(84), 14).entries()) {
      expect(Math.abs(value / GIB - expected(84 + at))).toBeLessThan(2);
    }
  });

  test('get less certain the further away they are', () => {
    for (const kind of ['gaussian', 'autocorrelated', 'wandering'] as const) {
      const series = daily(noise(kind, 90, randomFrom(16)).map((value) => GIB * (900 + value)));
      const widths = ahead(series, noonAfter(90), 200).map(({ low, high }) => high - low);
      expect(widths).toEqual(widths.toSorted((a, b) => a - b));
      expect(widths.at(-1)).toBeGreaterThan(widths[0] ?? Infinity);
    }
  });

  test('never fall below nothing', () => {
    const points = ahead(line(90, -1), noonAfter(90), 100);
    expect(points.at(-1)).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  test('reach no further than the horizon', () => {
    expect(ahead(line(30, 2), noonAfter(30), 10_000)).toHaveLength(HORIZON_DAYS);
    expect(ahead(line(30, 2), noonAfter(30), 0)).toEqual([]);
  });
});
