import { linearRegression } from 'simple-statistics';
import { type DailyValue, type Growth } from '../model/trend.ts';
import { at } from './at.ts';
import { dayStart } from './daily.ts';
import { GROWTH_DAYS, missingFor } from './enough.ts';
import { spanOf, type Track, trackOf } from './track.ts';
import { trendOf } from './trend.ts';

/** How a series grows: docs/analysis.md states each method and its reason. */
export function growthOf(series: readonly DailyValue[]): Growth {
  const track = trackOf(series);
  const missing = missingFor(track, GROWTH_DAYS, 0);
  if (missing !== null) return missing;
  const { line, steps, patterns } = trendOf(series);
  return {
    state: 'known',
    bytesPerDay: line.slope,
    leastSquaresBytesPerDay: leastSquares(track),
    low: line.low,
    high: line.high,
    spanDays: spanOf(track),
    days: track.days.length,
    patterns,
    steps: steps.map(({ day, bytes }) => ({ day: dayStart(day), bytes })),
  };
}

function leastSquares({ days, values }: Track): number {
  return linearRegression(days.map((day, index) => [day, at(values, index)])).m;
}
