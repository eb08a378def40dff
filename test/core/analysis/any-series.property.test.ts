import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anomaliesIn } from '../../../src/lib/core/analysis/anomalies.ts';
import { toDaily } from '../../../src/lib/core/analysis/daily.ts';
import { ahead, forecastOf } from '../../../src/lib/core/analysis/forecast.ts';
import { growthOf } from '../../../src/lib/core/analysis/growth.ts';
import { FIRST_DAY, DAY } from '../../support/daily-series.ts';

const NOW = new Date(FIRST_DAY.getTime() + 200 * DAY);

/** Plain sizes, sizes of one of a few kinds as quantised counters have them, and what no counter should say. */
const value = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 2 ** 50 }) },
  { weight: 5, arbitrary: fc.constantFrom(0, 1, 2 ** 30, 2 ** 31) },
  { weight: 1, arbitrary: fc.double() },
);

const points = fc.array(
  fc.record({
    at: fc.integer({ min: -2, max: 210 }).map((day) => new Date(FIRST_DAY.getTime() + day * DAY)),
    value,
  }),
  { maxLength: 250, size: 'max' },
);

function numbersIn(said: unknown): readonly number[] {
  if (typeof said === 'number') return [said];
  if (said instanceof Date) return [said.getTime()];
  return typeof said === 'object' && said !== null ? Object.values(said).flatMap(numbersIn) : [];
}

test('whatever the points are, all that is said of them is finite and in order, and the points stay as they are', () => {
  fc.assert(
    fc.property(points, fc.oneof(value, fc.integer({ min: -5, max: 5 })), (seen, limit) => {
      const before = structuredClone(seen);
      const series = toDaily(seen, (point) => point.value, NOW);
      const growth = growthOf(series);
      const forecast = forecastOf(series, limit, NOW);
      const coming = ahead(series, NOW, 60);
      const said = [series, growth, forecast, coming, anomaliesIn(series)];
      expect(numbersIn(said).filter((number) => !Number.isFinite(number))).toEqual([]);
      expect(seen).toEqual(before);
      if (growth.state === 'known') {
        expect(growth.low).toBeLessThanOrEqual(growth.bytesPerDay);
        expect(growth.bytesPerDay).toBeLessThanOrEqual(growth.high);
      }
      if (forecast.state === 'fills') {
        const middle = Math.floor(NOW.getTime() / DAY) * DAY + forecast.daysUntilFull * DAY;
        expect(Math.floor(forecast.fullAtEarliest.getTime() / DAY) * DAY).toBeLessThanOrEqual(
          middle,
        );
        expect(forecast.fullAtLatest?.getTime() ?? Infinity).toBeGreaterThanOrEqual(middle);
      }
      for (const point of coming) {
        expect(point.low).toBeLessThanOrEqual(point.value);
        expect(point.value).toBeLessThanOrEqual(point.high);
      }
    }),
    { seed: 17, numRuns: 300 },
  );
});
