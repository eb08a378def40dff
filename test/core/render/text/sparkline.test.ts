import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASCII_GLYPHS,
  bar,
  BLOCK_GLYPHS,
  sparkline,
  sparkWidth,
} from '../../../../src/lib/core/render/text/sparkline.ts';
import { daysAgo } from '../../../support/analysis-builders.ts';

/** Of the last days, one value each; null for none. */
function line(values: readonly (number | null)[], width = 16, glyphs = BLOCK_GLYPHS): string {
  const days = values.map((value, index) => ({ day: daysAgo(values.length - 1 - index), value }));
  return sparkline(
    days.flatMap(({ day, value }) => (value === null ? [] : [{ day, value }])),
    { from: daysAgo(values.length - 1), to: daysAgo(0), width },
    glyphs,
  );
}

const range = (length: number, valueOf: (index: number) => number | null = (index) => index) =>
  Array.from({ length }, (_, index) => valueOf(index));

describe('a sparkline', () => {
  it('climbs through every level with what grows evenly', () => {
    expect(line(range(8), 8)).toBe('▁▂▃▄▅▆▇█');
    expect(line(range(16))).toBe('▁▁▂▂▃▃▄▄▅▅▆▆▇▇██');
    expect(line(range(160))).toBe('▁▁▂▂▃▃▄▄▅▅▆▆▇▇██');
  });

  it('says the same with characters every terminal has', () => {
    expect(line(range(8), 8, ASCII_GLYPHS)).toBe('.:-=+*#@');
  });

  it('falls with what shrinks', () => {
    expect(
      line(
        range(8, (index) => 8 - index),
        8,
      ),
    ).toBe('█▇▆▅▄▃▂▁');
  });

  it('leaves out the days that were not seen', () => {
    expect(
      line(
        range(8, (index) => (index === 3 || index === 4 ? null : index)),
        8,
      ),
    ).toBe('▁▂▃  ▆▇█');
  });

  it('draws what hardly moves flat, at whatever height it is', () => {
    expect(
      line(
        range(8, () => 0),
        8,
      ),
    ).toBe('▁▁▁▁▁▁▁▁');
    expect(
      line(
        range(8, () => 1e12),
        8,
      ),
    ).toBe('▄▄▄▄▄▄▄▄');
    expect(
      new Set(
        line(
          range(8, (index) => 1e12 + (index % 2)),
          8,
        ),
      ).size,
    ).toBe(1);
  });

  it('is no longer than it has days', () => {
    expect(line([1, 2, 3])).toHaveLength(3);
    expect(line([1])).toHaveLength(1);
  });

  it('draws nothing of nothing', () => {
    expect(
      line(
        range(8, () => null),
        8,
      ),
    ).toBe(' '.repeat(8));
  });

  it('leaves out days outside its window', () => {
    const values = [
      { day: daysAgo(200), value: 1e15 },
      { day: daysAgo(1), value: 1 },
      { day: daysAgo(0), value: 2 },
      { day: daysAgo(-1), value: 1e15 },
    ];
    const window = { from: daysAgo(1), to: daysAgo(0), width: 16 };
    expect(sparkline(values, window, BLOCK_GLYPHS)).toBe('▁█');
  });

  it('has as many characters as its width or its days, whatever the values are', () => {
    const value = fc.option(fc.double({ min: 0, max: 1e18, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 40 }),
        (values, width) => {
          const window = { from: daysAgo(values.length - 1), to: daysAgo(0), width };
          const text = line(values, width);
          expect(text).toHaveLength(sparkWidth(window));
          expect(text).toMatch(/^[▁▂▃▄▅▆▇█ ]*$/);
          expect(text.trim() === '').toBe(values.every((each) => each === null));
        },
      ),
    );
  });

  it('never falls where nothing falls', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { minLength: 2, maxLength: 60 }), (steps) => {
        let sum = 0;
        const levels = Array.from(line(steps.map((step) => (sum += step))), (character) =>
          BLOCK_GLYPHS.levels.indexOf(character),
        );
        expect(levels).toEqual(levels.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('a bar', () => {
  it.each([
    [0, '..........'],
    [0.42, '####......'],
    [1, '##########'],
    [1.7, '##########'],
  ])('shows %d of a whole', (part, expected) => {
    expect(bar(part, 10, ASCII_GLYPHS)).toBe(expected);
  });
});
