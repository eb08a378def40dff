import { type NotEnoughData } from '../model/trend.ts';
import { spanOf, type Track } from './track.ts';

/** Days with a value that a statement of growth takes, and the days they have to span. */
export const GROWTH_DAYS = 7;
export const FORECAST_DAYS = 14;

/** What is missing to say something, or null. `part` of the days of the span must have a value. */
export function missingFor(track: Track, needed: number, part: number): NotEnoughData | null {
  const days = track.days.length;
  const spanDays = spanOf(track);
  const neededDays = Math.max(needed, Math.ceil(spanDays * part));
  if (days >= neededDays && spanDays >= needed) return null;
  return { state: 'not-enough-data', days, spanDays, neededDays, neededSpanDays: needed };
}
