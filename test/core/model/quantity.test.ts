import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQuantity, parseQuantity, sizeOf } from '../../../src/lib/core/model/quantity.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';

const MAX = Number.MAX_SAFE_INTEGER;

describe('parseQuantity', () => {
  test.each([
    ['0', 0],
    ['10Gi', 10 * 2 ** 30],
    ['1.5Ti', 1.5 * 2 ** 40],
    ['500M', 500e6],
    ['500k', 500e3],
    ['1e3', 1000],
    ['1E3', 1000],
    ['12e-1', 2],
    ['1E', 1e18],
    ['2P', 2e15],
    ['.5Gi', 2 ** 29],
    ['5.', 5],
    ['+7', 7],
    [' 7 ', 7],
    ['2000m', 2],
  ])('reads %s', (text, expected) => {
    expect(parseQuantity(text)?.bytes).toBe(Math.min(expected, MAX));
  });

  test.each([
    ['1500m', 2],
    ['1n', 1],
    ['1u', 1],
    ['0.1', 1],
    ['1e-60', 1],
  ])('rounds %s up to whole bytes and says so', (text, expected) => {
    expect(parseQuantity(text)).toEqual({ bytes: expected, approximate: true });
  });

  test.each(['9007199254740992', '8Ei', '100E', '1e41', '1e999999999'])(
    'keeps the nearest number of %s and says so',
    (text) => {
      expect(parseQuantity(text)).toEqual({ bytes: MAX, approximate: true });
    },
  );

  test('nothing times any power is nothing', () => {
    expect(parseQuantity('0e999')).toEqual({ bytes: 0, approximate: false });
  });

  test.each(['', '.', 'Gi', '-1', '1 Gi', '1GiB', '1Kii', '1e', '0x10', '1,5Gi', 'none'])(
    'is no quantity: %s',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  test('agrees with decimal arithmetic for every suffix', () => {
    const suffixes = ['', 'k', 'M', 'Ki', 'Mi', 'Gi'] as const;
    const factors = { '': 1, k: 1e3, M: 1e6, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...suffixes), (count, suffix) => {
        expect(parseQuantity(`${count}${suffix}`)).toEqual({
          bytes: count * factors[suffix],
          approximate: false,
        });
      }),
    );
  });
});

describe('formatQuantity', () => {
  test.each([
    [10 * 2 ** 30, '10Gi'],
    [1536 * 2 ** 20, '1536Mi'],
    [1000, '1000'],
    [0, '0'],
    [2 ** 50, '1Pi'],
  ])('writes %d as %s', (size, text) => {
    expect(formatQuantity(bytes(size))).toBe(text);
  });

  test('is read back as the same size', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (size) => {
        expect(parseQuantity(formatQuantity(bytes(size)))).toEqual({
          bytes: size,
          approximate: false,
        });
      }),
    );
  });
});

test('a size is never negative, nor beyond what is exact', () => {
  fc.assert(
    fc.property(fc.bigInt(), (value) => {
      const { bytes: size, approximate } = sizeOf(value);
      expect(Number.isSafeInteger(size) && size >= 0).toBe(true);
      expect(approximate).toBe(BigInt(size) !== value);
    }),
  );
});
