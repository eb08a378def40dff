import { describe, expect, test } from 'vitest';
import { tryOut } from '../../../src/lib/core/analysis/back-test.ts';
import { trendOf } from '../../../src/lib/core/analysis/trend.ts';
import { dailyOf, gaussian, GIB, randomFrom } from '../../support/daily-series.ts';

const DAYS = 80;
const HELD_BACK = 20;

/** A line with noise about it that grows otherwise on the days that are held back. */
function widening(noise: number, later: number): number {
  const random = randomFrom(21);
  const series = dailyOf(
    DAYS,
    (day) =>
      GIB *
      (500 + day + noise * gaussian(random) + later * Math.max(0, day - (DAYS - HELD_BACK - 1))),
  );
  return tryOut(trendOf(series)).widening;
}

describe('an interval that was tried out', () => {
  test('is as it is where it held nine of ten days', () => {
    expect(widening(0, 0)).toBe(1);
    expect(widening(1, 0)).toBe(1);
  });

  test('is wider by as much as it takes to have held nine of ten', () => {
    const [some, more] = [widening(1, 0.15), widening(1, 0.25)];
    expect(some).toBeGreaterThan(1);
    expect(more).toBeGreaterThan(some);
    expect(more).toBeLessThan(5);
  });

  test('is at most five times as wide, however far off it was', () => {
    expect(widening(1, 50)).toBe(5);
    expect(widening(0, 50)).toBe(5);
  });

  test('is as it is where there are too few days to hold any back', () => {
    const series = dailyOf(20, (day) => GIB * day ** 2);
    expect(tryOut(trendOf(series))).toEqual({ backTest: null, widening: 1 });
  });
});
