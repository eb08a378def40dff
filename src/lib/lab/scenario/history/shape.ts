import { numberOf } from '../build/identity.ts';
import { DAY } from './instants.ts';

/** How something came to be as large as it is. */
export interface Shape {
  /** Bytes a day, on average. */
  readonly perDay: number;
  /** By how much days differ from one another, as a part of what a day brings; 0.25 unless said. */
  readonly spread?: number;
  /** What a day of the weekend brings, as a part of what a weekday does: below 0 it shrinks. 1 unless said. */
  readonly weekend?: number;
  /** What came at once, at noon of one day. */
  readonly jumps?: readonly { readonly daysAgo: number; readonly bytes: number }[];
}

export const STILL: Shape = { perDay: 0 };

/** A number from -1 to 1 that looks random and belongs to this seed. */
function noise(seed: string): number {
  return numberOf(seed, 20_001) / 10_000 - 1;
}

/** What the day of this midnight brought. */
function broughtOn(midnight: number, seed: string, shape: Shape): number {
  const { perDay, spread = 0.25, weekend = 1 } = shape;
  const weekday = new Date(midnight).getUTCDay();
  const onWeekdays = (7 * perDay) / (5 + 2 * weekend);
  const usual = weekday === 0 || weekday === 6 ? onWeekdays * weekend : onWeekdays;
  return usual + Math.abs(onWeekdays) * spread * noise(`${seed} ${midnight / DAY}`);
}

/** How much smaller something was at an instant than it is now. */
export type Shortfall = (at: number) => number;

/**
 * Looks back from the present, so that the past ends in it whatever the days brought.
 *
 * @param since no instant is asked for that is earlier
 */
export function shortfallOf(seed: string, shape: Shape, now: number, since: number): Shortfall {
  const { perDay, jumps = [] } = shape;
  if (perDay === 0 && jumps.length === 0) return () => 0;
  const today = Math.floor(now / DAY) * DAY;
  const jumpedSince = (at: number): number =>
    jumps
      .filter(({ daysAgo }) => at < today - (daysAgo - 0.5) * DAY)
      .reduce((sum, { bytes }) => sum + bytes, 0);
  /** By days before today: how much smaller it was when that day began. */
  const atMidnight: number[] = [];
  let sum = 0;
  for (let day = today; day + DAY > since; day -= DAY) {
    const part = day === today ? (now - today) / DAY : 1;
    sum += broughtOn(day, seed, shape) * part;
    atMidnight.push(sum);
  }
  return (at) => {
    const day = Math.floor(at / DAY) * DAY;
    const index = (today - day) / DAY;
    const begin = atMidnight[index] ?? sum;
    const end = atMidnight[index - 1] ?? 0;
    const length = day === today ? now - today : DAY;
    const grown = length === 0 ? 0 : begin + ((end - begin) * (at - day)) / length;
    return grown + jumpedSince(at);
  };
}
