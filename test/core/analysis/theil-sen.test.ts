import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { select } from '../../../src/lib/core/analysis/select.ts';
import { theilSen, thinned } from '../../../src/lib/core/analysis/theil-sen.ts';

const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()), {
  minLength: 1,
  maxLength: 300,
});

test('a value is selected as if they had been sorted', () => {
  fc.assert(
    fc.property(values, fc.nat(), (list, choice) => {
      const position = choice % list.length;
      const sorted = list.toSorted((a, b) => a - b);
      const said = select(Float64Array.from(list), position, 0, list.length - 1);
      expect(said).toBe(sorted[position]);
    }),
    { seed: 21 },
  );
});

describe('the slope of Theil and Sen', () => {
  const one = (): number => 1;

  test('is the median of the slopes of all pairs, and lies in its interval', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: -1000, max: 1000 })), {
          minLength: 2,
          maxLength: 64,
        }),
        (pairs) => {
          const points = [...new Map(pairs)].toSorted(([a], [b]) => a - b);
          fc.pre(points.length > 1);
          const slopes = points
            .flatMap(([x, y], at) => points.slice(0, at).map(([x0, y0]) => (y - y0) / (x - x0)))
            .toSorted((a, b) => a - b);
          const middle = (slopes.length - 1) / 2;
          const median =
            ((slopes[Math.floor(middle)] ?? NaN) + (slopes[Math.ceil(middle)] ?? NaN)) / 2;
          const track = { days: points.map(([x]) => x), values: points.map(([, y]) => y) };
          const { slope, low, high } = theilSen(track, one);
          expect(slope).toBeCloseTo(median, 9);
          expect(low).toBeLessThanOrEqual(slope);
          expect(high).toBeGreaterThanOrEqual(slope);
        },
      ),
      { seed: 22 },
    );
  });

  // Chance turns 1.645 * sqrt(7 * 6 * 19 / 18) = 10.95 of the 21 pairs around, half of them at either end.
  test('leaves out at either end what chance may turn around', () => {
    const track = { days: [1, 2, 3, 4, 10, 12, 18], values: [9, 15, 19, 20, 45, 55, 78] };
    const slopes = track.days
      .flatMap((x, late) =>
        track.days
          .slice(0, late)
          .map((x0, early) => ((track.values[late] ?? 0) - (track.values[early] ?? 0)) / (x - x0)),
      )
      .toSorted((a, b) => a - b);
    expect(theilSen(track, one)).toEqual({ slope: 4, low: slopes[5], high: slopes[15] });
    expect(theilSen(track, () => 2)).toEqual({ slope: 4, low: slopes[2], high: slopes[18] });
    expect(theilSen(track, () => 99)).toEqual({ slope: 4, low: slopes[0], high: slopes[20] });
  });

  test('is read off medians of neighbouring days where there are many', () => {
    const days = Array.from({ length: 400 }, (_, day) => day);
    const few = thinned({ days, values: days.map((day) => 5 * day) });
    expect(few.days.length).toBeLessThanOrEqual(64);
    expect(few.values).toEqual(few.days.map((day) => 5 * day));
  });
});
