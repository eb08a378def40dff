import { median } from 'simple-statistics';
import { type BackTest, type ConfidenceLevel } from '../model/analysis.ts';
import { FORECAST_DAYS } from './enough.ts';
import { projector } from './project.ts';
import { part } from './track.ts';
import { type Trend, trendAlong } from './trend.ts';

/** A quarter of the days is held back, and a week at least, so that every day of the week is among them. */
const HELD_BACK = 0.25;
const HELD_BACK_DAYS = 7;

/**
 * Forecasts the last days from those before and compares. Steps are taken out first: nobody foresees a migration, and
 * the forecast does not claim to. Null where the days before do not carry a forecast.
 */
export function backTestOf({ stepless }: Trend): BackTest | null {
  const count = stepless.days.length;
  const heldBackDays = Math.max(HELD_BACK_DAYS, Math.round(count * HELD_BACK));
  const known = count - heldBackDays;
  if (known < FORECAST_DAYS) return null;
  const project = projector(trendAlong(part(stepless, 0, known)));
  const origin = stepless.days[known - 1] ?? 0;
  const held = part(stepless, known);
  const outcomes = held.values.map((value, at) => {
    const { value: expected, low, high } = project((held.days[at] ?? 0) - origin);
    const slack = Math.abs(value) * ROUNDING;
    return {
      hit: value >= low - slack && value <= high + slack,
      error: value === expected ? 0 : Math.min(1, Math.abs(value - expected) / Math.abs(value)),
    };
  });
  return {
    heldBackDays,
    coverage: outcomes.filter(({ hit }) => hit).length / heldBackDays,
    medianError: median(outcomes.map(({ error }) => error)),
  };
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
