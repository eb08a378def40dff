import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDaily } from '../../../src/lib/core/analysis/daily.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const at = (instant: string, value: number | null) => ({ at: new Date(instant), value });
const valueOf = ({ value }: { readonly value: number | null }) => value;

describe('daily values', () => {
  test('are the last of each UTC day, in order', () => {
    const points = [
      at('2026-03-09T23:59:59Z', 4),
      at('2026-03-08T01:00:00Z', 1),
      at('2026-03-08T22:00:00Z', 2),
      at('2026-03-09T00:00:00Z', 3),
    ];
    expect(toDaily(points, valueOf, NOW)).toEqual([
      { day: new Date('2026-03-08T00:00:00Z'), value: 2 },
      { day: new Date('2026-03-09T00:00:00Z'), value: 4 },
    ]);
  });

  test('are missing where nothing was seen for weeks', () => {
    const points = [at('2026-01-01T05:00:00Z', 1), at('2026-02-20T05:00:00Z', 2)];
    expect(toDaily(points, valueOf, NOW).map(({ value }) => value)).toEqual([1, 2]);
  });

  test('leave out what comes from a clock that ran ahead by more than a day', () => {
    const points = [
      at('2026-03-11T11:59:00Z', 1),
      at('2026-03-11T12:01:00Z', 2),
      at('2031-01-01T00:00:00Z', 3),
    ];
    expect(toDaily(points, valueOf, NOW).map(({ value }) => value)).toEqual([1]);
  });

  test('leave out what is no size and no instant', () => {
    const points = [
      at('2026-03-01T00:00:00Z', NaN),
      at('2026-03-02T00:00:00Z', Infinity),
      at('2026-03-03T00:00:00Z', 1e30),
      at('2026-03-04T00:00:00Z', null),
      at('never', 5),
      at('2026-03-05T00:00:00Z', 6),
    ];
    expect(toDaily(points, valueOf, NOW).map(({ value }) => value)).toEqual([6]);
  });

  test('do not depend on the order of points, nor on how often one was recorded', () => {
    const point = fc.record({
      at: fc.date({ min: new Date('2026-02-01'), max: NOW, noInvalidDate: true }),
      value: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(point), fc.func(fc.nat()), (points, order) => {
        const shuffled = [...points, ...points].toSorted((a, b) => order(a) - order(b));
        expect(toDaily(shuffled, valueOf, NOW)).toEqual(toDaily(points, valueOf, NOW));
      }),
      { seed: 1 },
    );
  });
});
