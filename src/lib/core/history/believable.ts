import { elapsed, millis } from '../model/units.ts';

/** No scan is older: ZFS came out in 2005. */
export const EARLIEST = new Date('2005-01-01T00:00:00.000Z');

/** Clocks of two machines differ, and none by more than this without being wrong. */
export const BELIEVABLE_SPAN = millis(86_400_000);

/** Why nothing can be of that instant; null where it can. */
export function whyUnbelievable(what: string, at: Date, now: Date): string | null {
  if (at < EARLIEST) {
    return `${what} is dated ${at.toISOString()}, which the clock of this machine must be wrong about`;
  }
  return elapsed(now, at) > BELIEVABLE_SPAN
    ? `${what} is dated ${at.toISOString()}, more than a day ahead of the clock of this machine`
    : null;
}
