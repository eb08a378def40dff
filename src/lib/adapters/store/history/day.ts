export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Number of the UTC day an instant lies in. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

/** Milliseconds since the start of its UTC day. */
export function inDay(at: number): number {
  return at - dayOf(at) * DAY;
}
