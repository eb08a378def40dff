import { type DailyValue, type VolumeAnalysis } from '../model/analysis.ts';
import { ahead } from './forecast.ts';

/** Smaller promises are not worth a copy. */
const LARGE = 10 * 2 ** 30;
export const MOSTLY_EMPTY = 0.2;
export const LOOK_AHEAD_DAYS = 180;

/** Whether a volume takes little of much. */
export function isMostlyEmpty({
  used,
  provisioned,
}: Pick<VolumeAnalysis, 'used' | 'provisioned'>): boolean {
  return provisioned >= LARGE && used < provisioned * MOSTLY_EMPTY;
}

/** The most that a series comes to, by the fast end of its forecast; undefined where nothing can be said. */
export function highestAhead(days: readonly DailyValue[], at: Date): number | undefined {
  const points = ahead(days, at, LOOK_AHEAD_DAYS);
  if (points.length === 0) return undefined;
  return points.reduce((most, { high }) => Math.max(most, high), 0);
}
