import { type Growth } from '../../model/trend.ts';
import { bytes } from '../../model/units.ts';
import { percent } from '../../rules/checks/wording.ts';
import { formatBytes } from '../text/format.ts';

/* Numbers of an analysis for people. What is not known has a sign of its own, and never a zero. */

export const UNKNOWN = '—';

/** A size whatever made it: sums and slopes are no integers, and may be larger than any size. */
export function sizeText(value: number | null): string {
  if (value === null) return UNKNOWN;
  return formatBytes(bytes(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value)))));
}

/** With its sign: `+1.5 GiB`, `-20 MiB`, `0 B`. */
export function changeText(value: number): string {
  const text = sizeText(Math.abs(value));
  if (Math.round(value) === 0) return text;
  return value < 0 ? `-${text}` : `+${text}`;
}

export function rateText(growth: Growth): string {
  return growth.state === 'known' ? changeText(growth.bytesPerDay) : UNKNOWN;
}

/** Rounded down as the checks do, so that nothing is said to be at a limit it has not reached; and what is there never reads as none. */
export function percentText(ratio: number | null): string {
  if (ratio === null) return UNKNOWN;
  return ratio > 0 && ratio < 0.01 ? '<1 %' : percent(ratio);
}

/** How many times as much: `2.25×`. */
export function timesText(ratio: number | null): string {
  if (ratio === null) return UNKNOWN;
  return ratio > 0 && ratio < 0.01 ? '< 0.01×' : `${ratio.toFixed(2)}×`;
}

export function countText(count: number | null): string {
  return count === null ? UNKNOWN : String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

const YEAR = 365;

/** Days, and years where nobody counts them any more. */
export function daysText(days: number): string {
  if (days < 2 * YEAR) return `${String(Math.round(days))} d`;
  return `${String(Number((days / YEAR).toFixed(1)))} y`;
}

/** A day of UTC: `2026-11-22`. */
export function dayText(day: Date): string {
  return day.toISOString().slice(0, 10);
}
