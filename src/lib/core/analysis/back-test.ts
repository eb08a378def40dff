import { median } from 'simple-statistics';
import { type BackTest, type ConfidenceLevel } from '../model/analysis.ts';
import { at } from './at.ts';
import { FORECAST_DAYS } from './enough.ts';
import { projector, spreadOf } from './project.ts';
import { part, type Track } from './track.ts';
import { type Trend, trendAlong } from './trend.ts';

/** A quarter of the days is held back, and a week at least, so that every day of the week is among them. */
const HELD_BACK = 0.25;
const HELD_BACK_DAYS = 7;

/** What trying a forecast out on days that are known says of it. */
export interface Trial {
  /** Null where the days before do not carry a forecast. */
  readonly backTest: BackTest | null;
  /** By how much its interval has to be wider than it is by itself; 1 where it held what it promises. */
  readonly widening: number;
}

/** Part of the days that an interval promises to hold. */
const PROMISED = 0.9;

/** Still wider it would say nothing: then the confidence has to say it. */
const MOST_WIDENING = 5;

interface Outcome {
  readonly isHeld: boolean;
  /** Relative to the value, at most 1. */
  readonly error: number;
  /** By how many half widths of the interval it was off. */
  readonly off: number;
}

/**
 * Forecasts the last days from those before and compares. Steps are taken out first: nobody foresees a migration, and
 * the forecast does not claim to.
 */
export function tryOut({ stepless }: Trend): Trial {
  const count = stepless.days.length;
  const heldBackDays = Math.max(HELD_BACK_DAYS, Math.round(count * HELD_BACK));
  const known = count - heldBackDays;
  if (known < FORECAST_DAYS) return { backTest: null, widening: 1 };
  const outcomes = outcomesOf(
    trendAlong(part(stepless, 0, known)),
    at(stepless.days, known - 1),
    part(stepless, known),
  );
  const coverage = outcomes.filter(({ isHeld }) => isHeld).length / heldBackDays;
  return {
    backTest: { heldBackDays, coverage, medianError: median(outcomes.map(({ error }) => error)) },
    widening: coverage >= PROMISED ? 1 : wideningFor(outcomes),
  };
}

function outcomesOf(before: Trend, origin: number, held: Track): readonly Outcome[] {
  const project = projector(before);
  const spread = spreadOf(before.line);
  return held.values.map((value, index) => {
    const days = at(held.days, index) - origin;
    const { value: expected, low, high } = project(days);
    const distance = Math.abs(value - expected);
    const slack = Math.abs(value) * ROUNDING;
    return {
      isHeld: value >= low - slack && value <= high + slack,
      error: value === expected ? 0 : Math.min(1, distance / Math.abs(value)),
      off: distance <= slack ? 0 : distance / spread(days),
    };
  });
}

/** What would have held as many days as was promised (as conformal prediction scales an interval). */
function wideningFor(outcomes: readonly Outcome[]): number {
  const off = outcomes.map((outcome) => outcome.off).toSorted((one, other) => one - other);
  const needed = at(off, Math.ceil(PROMISED * off.length) - 1);
  return Math.max(1, Math.min(MOST_WIDENING, needed));
}

/** Sums of numbers of 64 bits are off by less than this part of them. */
export const ROUNDING = 1e-9;

/** What a back-test must show for a forecast to be trusted so far. */
const TRUSTED = {
  high: { coverage: 0.8, medianError: 0.02, heldBackDays: 14 },
  medium: { coverage: 0.6, medianError: 0.1, heldBackDays: HELD_BACK_DAYS },
} as const;

export function confidenceOf(backTest: BackTest | null): ConfidenceLevel {
  if (backTest === null) return 'low';
  for (const level of ['high', 'medium'] as const) {
    const { coverage, medianError, heldBackDays } = TRUSTED[level];
    if (
      backTest.coverage >= coverage &&
      backTest.medianError <= medianError &&
      backTest.heldBackDays >= heldBackDays
    ) {
      return level;
    }
  }
  return 'low';
}
