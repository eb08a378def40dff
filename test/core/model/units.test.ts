import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, elapsed, millis, parseDuration } from '../../../src/lib/core/model/units.ts';

describe('bytes', () => {
  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuse %s', (value) => {
    expect(() => bytes(value)).toThrow(RangeError);
  });

  test('take every size that is exact', () => {
    expect([bytes(0), bytes(Number.MAX_SAFE_INTEGER)]).toEqual([0, Number.MAX_SAFE_INTEGER]);
  });
});

describe('millis', () => {
  test('drop fractions', () => {
    expect([millis(1.9), millis(-1.9)]).toEqual([1, -1]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuse %s', (value) => {
    expect(() => millis(value)).toThrow(RangeError);
  });
});

test('elapsed is negative where the first instant lies in the future', () => {
  expect(elapsed(new Date(1000), new Date(3500))).toBe(2500);
  expect(elapsed(new Date(3500), new Date(1000))).toBe(-2500);
});

describe('parseDuration', () => {
  test.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
    ['2w', 1_209_600_000],
    ['250ms', 250],
    ['1d12h', 129_600_000],
    ['1.5h', 5_400_000],
    [' 1h ', 3_600_000],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each(['', '5', 'h', '5 h', '-5h', '5y', '1h!', '1e3s', `${'9'.repeat(400)}d`])(
    'does not guess what %s means',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test('adds up its parts', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(23), fc.nat(59), (days, hours, minutes) => {
        expect(parseDuration(`${days}d${hours}h${minutes}m`)).toBe(
          ((days * 24 + hours) * 60 + minutes) * 60_000,
        );
      }),
    );
  });
});
