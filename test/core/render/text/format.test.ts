import { describe, expect, it } from 'vitest';
import { bytes, millis } from '../../../../src/lib/core/model/units.ts';
import {
  counted,
  formatBytes,
  formatDuration,
  formatInstant,
  formatSpan,
  joined,
} from '../../../../src/lib/core/render/text/format.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
    [20 * 1024 ** 3, '20 GiB'],
    [1024 ** 4, '1 TiB'],
    [Number.MAX_SAFE_INTEGER, '8 PiB'],
  ])('writes %i bytes as %s', (size, expected) => {
    expect(formatBytes(bytes(size))).toBe(expected);
  });
});

describe('formatSpan', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [61_000, '1m 1s'],
    [300_000, '5m'],
    [187_200_000, '2d 4h'],
    [86_400_000 + 59_000, '1d'],
    [-90_000, '-1m 30s'],
  ])('writes %i ms as %s', (span, expected) => {
    expect(formatSpan(millis(span))).toBe(expected);
  });
});

describe('formatDuration', () => {
  it.each([
    [12, '12 ms'],
    [840, '840 ms'],
    [1_250, '1.3 s'],
    [90_000, '1m 30s'],
  ])('writes %i ms as %s', (span, expected) => {
    expect(formatDuration(millis(span))).toBe(expected);
  });
});

describe('words', () => {
  it('writes an instant in UTC', () => {
    expect(formatInstant(new Date('2026-11-22T03:02:03.456+02:00'))).toBe(
      '2026-11-22 01:02:03 UTC',
    );
  });

  it('counts with the right noun and grouped digits', () => {
    expect(counted(1, 'finding')).toBe('1 finding');
    expect(counted(0, 'finding')).toBe('0 findings');
    expect(counted(1_234_567, 'storage class', 'storage classes')).toBe(
      '1,234,567 storage classes',
    );
  });

  it('joins a list as a sentence does', () => {
    expect(joined([])).toBe('');
    expect(joined(['a'])).toBe('a');
    expect(joined(['a', 'b'])).toBe('a and b');
    expect(joined(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
