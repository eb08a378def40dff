const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Shortly before a day ends, so that what a scan sees is what the day left. */
const DAILY_AT = 23 * HOUR;

/** When scans ran before a world's present, in milliseconds and in order. */
export interface Instants {
  readonly daily: readonly number[];
  /** Of the last day, beside the daily one. */
  readonly hourly: readonly number[];
}

/** One scan a day, and one an hour over the last day; none at the present itself, which has yet to be scanned. */
export function instantsBefore(now: number, days: number): Instants {
  const midnight = Math.floor(now / DAY) * DAY;
  const daily: number[] = [];
  for (let back = days; back >= 0; back -= 1) {
    const at = midnight - back * DAY + DAILY_AT;
    if (at < now && at >= now - days * DAY) daily.push(at);
  }
  const last = daily.at(-1);
  const hourly: number[] = [];
  for (let at = Math.floor((now - 1) / HOUR) * HOUR; at > now - DAY; at -= HOUR) {
    if (at !== last) hourly.unshift(at);
  }
  return { daily, hourly };
}

export function allInstants({ daily, hourly }: Instants): readonly number[] {
  return [...new Set([...daily, ...hourly])].sort((a, b) => a - b);
}
