import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { millis } from '../../../src/lib/core/model/units.ts';
import {
  JITTER,
  LONGEST_SETTLING,
  nextScanAt,
  type ScheduleState,
  SETTLING,
} from '../../../src/lib/core/serve/schedule.ts';
import { LEAST_GAP } from '../../../src/lib/core/serve/settings.ts';

const START = Date.parse('2026-11-22T01:00:00.000Z');
const at = (offset: number): Date => new Date(START + offset);

function aState(over: Partial<ScheduleState> = {}): ScheduleState {
  return {
    interval: millis(300_000),
    chance: 0.5,
    lastStart: at(0),
    failures: 0,
    firstChange: null,
    lastChange: null,
    requested: false,
    ...over,
  };
}

/** How long after `now` the next scan is. */
function waitOf(over: Partial<ScheduleState>, now = 0): number {
  return nextScanAt(aState(over), at(now)).getTime() - at(now).getTime();
}

const anyState = fc
  .record({
    interval: fc.integer({ min: 30_000, max: 86_400_000 }),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
    failures: fc.integer({ min: 0, max: 2_000 }),
    first: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: null }),
    more: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ interval, chance, failures, first, more }) =>
    aState({
      interval: millis(interval),
      chance,
      failures,
      firstChange: first === null ? null : at(first),
      lastChange: first === null ? null : at(first + more),
    }),
  );

describe('the next scan', () => {
  test('is at once where there was none, and where somebody asks', () => {
    expect(waitOf({ lastStart: null })).toBe(0);
    expect(waitOf({ requested: true }, 1)).toBe(0);
  });

  test('is an interval after the last, more or less by a tenth', () => {
    expect(waitOf({ chance: 0 })).toBe(270_000);
    expect(waitOf({ chance: 0.5 })).toBe(300_000);
    expect(waitOf({ chance: 1 })).toBe(330_000);
  });

  test('waits for what changes to settle', () => {
    const changed = { firstChange: at(100_000), lastChange: at(101_000) };
    expect(waitOf(changed, 101_000)).toBe(SETTLING);
  });

  test('does not wait for what never settles', () => {
    const changed = { firstChange: at(100_000), lastChange: at(114_000) };
    expect(waitOf(changed, 114_000)).toBe(LONGEST_SETTLING - 14_000);
  });

  test('keeps its distance however soon something changes', () => {
    const changed = { firstChange: at(1_000), lastChange: at(1_000) };
    expect(waitOf(changed, 1_000)).toBe(LEAST_GAP - 1_000);
  });

  test('comes sooner after a failure, and later with each', () => {
    const waits = [1, 2, 3, 4, 5, 6].map((failures) => waitOf({ failures }));
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  test('is never closer to the last than the least gap, nor later than interval and jitter', () => {
    fc.assert(
      fc.property(anyState, fc.integer({ min: 0, max: 2_000_000 }), (state, now) => {
        const next = nextScanAt(state, at(now)).getTime();
        expect(next).toBeGreaterThanOrEqual(START + Math.min(now, LEAST_GAP));
        expect(next).toBeLessThanOrEqual(START + state.interval * (1 + JITTER) + 1);
      }),
    );
  });

  test('is not put off by a change, nor by another one', () => {
    fc.assert(
      fc.property(anyState, fc.integer({ min: 0, max: 2_000_000 }), (state, now) => {
        const plain = { ...state, firstChange: null, lastChange: null };
        expect(nextScanAt(state, at(now)) <= nextScanAt(plain, at(now))).toBe(true);
      }),
    );
  });

  test('is within an interval of now where the clock was set back, however far', () => {
    fc.assert(
      fc.property(anyState, fc.integer({ min: 0, max: 1e11 }), (state, back) => {
        const now = at(-back);
        const wait = nextScanAt(state, now).getTime() - now.getTime();
        expect(wait).toBeLessThanOrEqual(state.interval * (1 + JITTER) + 1);
        expect(wait).toBeGreaterThanOrEqual(LEAST_GAP);
      }),
    );
  });

  test('is due where the clock was set forward', () => {
    expect(waitOf({}, 1e10)).toBeLessThanOrEqual(0);
  });
});
