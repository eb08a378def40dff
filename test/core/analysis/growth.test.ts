import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthOf } from '../../../src/lib/core/analysis/growth.ts';
import { type DailyValue, type Growth } from '../../../src/lib/core/model/trend.ts';
import {
  daily,
  dailyOf,
  dayAt,
  gaussian,
  GIB,
  noise,
  randomFrom,
} from '../../support/daily-series.ts';

function known(series: readonly DailyValue[]): Growth & { readonly state: 'known' } {
  const growth = growthOf(series);
  if (growth.state !== 'known') throw new Error('not enough data');
  return growth;
}

const noisy = (days: number, seed: number, slope = GIB) => {
  const random = randomFrom(seed);
  return Array.from({ length: days }, (_, day) => 500 * GIB + slope * day + GIB * gaussian(random));
};

const sizes = { min: -50, max: 50 };

describe('growth', () => {
  test('is exact for a line of any slope and level', () => {
    fc.assert(
      fc.property(
        fc.integer(sizes),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 7, max: 400 }),
        (slope, level, days) => {
          const growth = known(dailyOf(days, (day) => level * GIB + slope * GIB * day));
          for (const said of [
            growth.bytesPerDay,
            growth.leastSquaresBytesPerDay,
            growth.low,
            growth.high,
          ]) {
            expect(said / GIB).toBeCloseTo(slope, 6);
          }
          expect(growth.patterns).toEqual([]);
        },
      ),
      { seed: 2 },
    );
  });

  test('of what never changes is nothing at all', () => {
    for (const level of [0, 1, 700 * GIB]) {
      expect(known(dailyOf(60, () => level))).toEqual({
        state: 'known',
        bytesPerDay: 0,
        leastSquaresBytesPerDay: 0,
        low: 0,
        high: 0,
        spanDays: 60,
        days: 60,
        patterns: [],
        steps: [],
      });
    }
  });

  test('does not mind a fifth of the days being far off', () => {
    const values = noisy(90, 3).map((value, day) => (day % 5 === 2 ? value + 400 * GIB : value));
    expect(known(daily(values)).bytesPerDay / GIB).toBeCloseTo(1, 1);
  });

  test('scales with the series, and a constant changes no slope', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 1000 }), (seed, factor) => {
        const values = noisy(60, seed);
        const plain = known(daily(values));
        const scaled = known(daily(values.map((value) => value * factor)));
        const lifted = known(daily(values.map((value) => value + factor * GIB)));
        expect(scaled.bytesPerDay / factor / GIB).toBeCloseTo(plain.bytesPerDay / GIB, 6);
        expect(scaled.high / factor / GIB).toBeCloseTo(plain.high / GIB, 6);
        expect(lifted.bytesPerDay / GIB).toBeCloseTo(plain.bytesPerDay / GIB, 6);
        expect(lifted.low / GIB).toBeCloseTo(plain.low / GIB, 6);
      }),
      { seed: 4 },
    );
  });

  test('does not depend on the order of days', () => {
    const series = daily(noisy(60, 5));
    expect(growthOf(series.toReversed())).toEqual(growthOf(series));
  });

  test('is the same with weeks missing, and counts days and span apart', () => {
    const values = Array.from({ length: 100 }, (_, day) =>
      day > 20 && day < 70 ? null : 10 * GIB + day * GIB,
    );
    const growth = known(daily(values));
    expect(growth).toMatchObject({ days: 51, spanDays: 100, steps: [] });
    expect(growth.bytesPerDay / GIB).toBeCloseTo(1, 6);
  });

  test('takes seven days with a value', () => {
    expect(growthOf(dailyOf(6, (day) => day))).toEqual({
      state: 'not-enough-data',
      days: 6,
      spanDays: 6,
      neededDays: 7,
      neededSpanDays: 7,
    });
    expect(growthOf(dailyOf(7, (day) => day)).state).toBe('known');
    expect(growthOf([])).toMatchObject({ state: 'not-enough-data', days: 0, spanDays: 0 });
  });

  test('is that of the last weeks where it has changed for good', () => {
    const random = randomFrom(6);
    const series = dailyOf(
      120,
      (day) => 900 * GIB + GIB * (day < 80 ? day : 80 + 9 * (day - 80)) + GIB * gaussian(random),
    );
    expect(known(series).bytesPerDay / GIB).toBeCloseTo(9, 0);
  });
});

describe('steps', () => {
  test('of any size are named, and leave the slope of a line as it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 54 }),
        fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: -900, max: -1 })),
        fc.integer({ min: -5, max: 5 }),
        (stepDay, size, slope) => {
          const series = dailyOf(
            60,
            (day) => GIB * (1000 + slope * day + (day >= stepDay ? size : 0)),
          );
          const growth = known(series);
          expect(growth.bytesPerDay / GIB).toBeCloseTo(slope, 6);
          expect(growth.steps).toHaveLength(1);
          expect(growth.steps[0]?.day).toEqual(dayAt(stepDay));
          expect((growth.steps[0]?.bytes ?? 0) / GIB).toBeCloseTo(size, 6);
          expect(growth.patterns).toEqual(['steps']);
        },
      ),
      { seed: 7 },
    );
  });

  test('are found in noise, with day and size', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const stepDay = 10 + (seed % 70);
      const values = noisy(90, seed).map((value, day) => value + (day >= stepDay ? 40 * GIB : 0));
      const { bytesPerDay, steps } = known(daily(values));
      expect(steps.map(({ day }) => day)).toEqual([dayAt(stepDay)]);
      expect(Math.abs((steps[0]?.bytes ?? 0) / GIB - 40)).toBeLessThan(5);
      expect(Math.abs(bytesPerDay / GIB - 1)).toBeLessThan(0.1);
    }
  });

  test('that take two days are one', () => {
    const series = dailyOf(
      60,
      (day) => GIB * (100 + day + (day >= 30 ? 300 : 0) + (day >= 31 ? 500 : 0)),
    );
    const { bytesPerDay, steps } = known(series);
    expect(steps).toEqual([{ day: dayAt(31), bytes: 800 * GIB }]);
    expect(bytesPerDay / GIB).toBeCloseTo(1, 2);
  });

  test('up and down are told apart, and a fall is no trend', () => {
    const values = noisy(90, 8).map(
      (value, day) => value + GIB * ((day >= 25 ? 300 : 0) - (day >= 60 ? 450 : 0)),
    );
    const { bytesPerDay, steps } = known(daily(values));
    expect(steps.map(({ day }) => day)).toEqual([dayAt(25), dayAt(60)]);
    expect(steps.map(({ bytes }) => Math.sign(bytes))).toEqual([1, -1]);
    expect(bytesPerDay / GIB).toBeCloseTo(1, 1);
  });

  test('are not called so within their first days, when they may still fall back', () => {
    const jumped = (days: number) =>
      daily(noisy(90, 9).map((v, day) => v + (day >= 90 - days ? 99 * GIB : 0)));
    expect(known(jumped(4)).steps).toEqual([]);
    expect(known(jumped(5)).steps).toHaveLength(1);
  });

  test('that come again and again are how it grows', () => {
    const series = dailyOf(120, (day) => GIB * (100 + 50 * Math.floor(day / 25)));
    const { bytesPerDay, steps, patterns } = known(series);
    expect(steps).toEqual([]);
    expect(patterns).toEqual(['bursts']);
    expect(bytesPerDay / GIB).toBeGreaterThan(1);
  });
});

describe('patterns', () => {
  test('of the week are named, and leave the slope as it is', () => {
    for (const [days, least] of [
      [60, 90],
      [90, 100],
    ] as const) {
      let named = 0;
      for (let seed = 0; seed < 100; seed += 1) {
        const values = noise('weekly', days, randomFrom(seed)).map(
          (value, day) => GIB * (500 + 3 * day + 2 * value),
        );
        const { bytesPerDay, patterns } = known(daily(values));
        expect(Math.abs(bytesPerDay / GIB - 3)).toBeLessThan(0.12);
        if (patterns.includes('weekly')) named += 1;
      }
      expect(named).toBeGreaterThanOrEqual(least);
    }
  });

  test('of growth on working days alone are of the week', () => {
    const series = dailyOf(
      56,
      (day) => GIB * (100 + 5 * Math.floor(day / 7) + Math.min(5, day % 7)),
    );
    expect(known(series).patterns).toContain('weekly');
    expect(known(series).bytesPerDay / GIB).toBeCloseTo(5 / 7, 1);
  });

  test('take four weeks', () => {
    const series = (days: number) => dailyOf(days, (day) => GIB * (100 + (day % 7)));
    expect(known(series(27)).patterns).not.toContain('weekly');
    expect(known(series(28)).patterns).toContain('weekly');
  });

  test('are not read into what counting in whole bytes makes of a line', () => {
    expect(
      known(dailyOf(90, (day) => 5 * GIB + Math.floor((day * 1_000_003) / 7))).patterns,
    ).toEqual([]);
  });

  test('that rise and fall back are bursts', () => {
    const values = noisy(90, 10).map((value, day) => value + (day % 11 < 2 ? 80 * GIB : 0));
    const { bytesPerDay, patterns, steps } = known(daily(values));
    expect(patterns).toContain('bursts');
    expect(steps).toEqual([]);
    expect(bytesPerDay / GIB).toBeCloseTo(1, 1);
  });

  test('are not seen in noise more often than once in fifty series', () => {
    for (const kind of ['gaussian', 'autocorrelated', 'wandering'] as const) {
      for (const days of [30, 90]) {
        // What is lately otherwise is counted where it is tested.
        const seen = { weekly: 0, steps: 0, bursts: 0, 'faster-lately': 0, 'slower-lately': 0 };
        for (let seed = 0; seed < 500; seed += 1) {
          const values = noise(kind, days, randomFrom(seed)).map(
            (value) => GIB * (900 + 2 * value),
          );
          for (const pattern of known(daily(values)).patterns) seen[pattern] += 1;
        }
        expect(
          Math.max(seen.weekly, seen.steps, seen.bursts),
          `${kind}, ${days} days`,
        ).toBeLessThanOrEqual(10);
      }
    }
  });
});
