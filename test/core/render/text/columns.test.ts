import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  displayWidth,
  padEnd,
  padStart,
  truncateEnd,
  truncateMiddle,
  wrapWords,
} from '../../../../src/lib/core/render/text/columns.ts';
import { printable } from '../../../../src/lib/core/render/text/safe.ts';

describe('display width', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👍', 2],
  ])('of %s is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('is what padding fills', () => {
    expect(padEnd('日本', 6)).toBe('日本  ');
    expect(padStart('日本', 6)).toBe('  日本');
    expect(padEnd('long', 2)).toBe('long');
    expect(padStart('long', 2)).toBe('long');
  });
});

describe('truncation', () => {
  it('leaves what fits', () => {
    expect(truncateEnd('abcdef', 6)).toBe('abcdef');
    expect(truncateMiddle('abcdef', 6)).toBe('abcdef');
  });

  it('keeps both ends of a name', () => {
    expect(truncateMiddle('pvc-6f1d2c9e-3b7a-4c55', 11)).toBe('pvc-6…-4c55');
  });

  it('keeps the front of a sentence, without a blank before the ellipsis', () => {
    expect(truncateEnd('no such dataset', 8)).toBe('no such…');
  });

  it('cuts no character in two', () => {
    expect(truncateMiddle('日本語の名前です', 8)).toBe('日本…す');
    expect(truncateEnd('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  });

  it('makes the best of next to no room', () => {
    expect(truncateMiddle('abcdef', 3)).toBe('ab…');
    expect(truncateMiddle('abcdef', 1)).toBe('…');
    expect(truncateEnd('abcdef', 0)).toBe('');
  });

  it('never takes more room than it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (raw, width) => {
        const text = printable(raw);
        expect(displayWidth(truncateEnd(text, width))).toBeLessThanOrEqual(width);
        expect(displayWidth(truncateMiddle(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapping', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrapWords('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four']);
  });

  it('breaks a word no line can hold after one of its parts, and loses nothing', () => {
    expect(wrapWords('see /mnt/tank/k8s/vols/pvc-1 now', 10)).toEqual([
      'see',
      '/mnt/tank/',
      'k8s/vols/',
      'pvc-1 now',
    ]);
    expect(wrapWords('abcdefghijkl', 6, '  ')).toEqual(['abcd', '  efgh', '  ijkl']);
  });

  it('says every character within the width it was given', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 12, max: 40 }),
        (raw, width) => {
          const text = printable(raw);
          const lines = wrapWords(text, width, '  ');
          expect(lines.every((line) => displayWidth(line) <= width)).toBe(true);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        },
      ),
    );
  });

  it('never breaks where there is no limit', () => {
    expect(wrapWords('one two three', Number.POSITIVE_INFINITY)).toEqual(['one two three']);
  });
});
