import { millis, type Millis } from '../model/units.ts';
import { LEAST_GAP } from './settings.ts';

/** After a change more may follow: a volume is several objects on either side. */
export const SETTLING = millis(3_000);
/** But whatever goes on and on is not waited for. */
export const LONGEST_SETTLING = millis(15_000);
/** Intervals differ by as much as this part of them, so that several monitors of one NAS do not meet. */
export const JITTER = 0.1;

/** What decides when the next scan is. */
export interface ScheduleState {
  readonly interval: Millis;
  /** From 0 to 1, drawn anew for each scan. */
  readonly chance: number;
  /** When the last scan began; null where there was none. */
  readonly lastStart: Date | null;
  /** Scans that failed since one last did not. */
  readonly failures: number;
  /** Since the last scan began; null where nothing changed. */
  readonly firstChange: Date | null;
  readonly lastChange: Date | null;
  /** Somebody asked for a scan. */
  readonly requested: boolean;
}

/**
 * When the next scan is due. What is asked for by a person waits for nothing.
 *
 * A clock may be set back under us. What was then noted lies in its future, and counts as if it were now: the next scan is
 * later by that much at most, and never by as much as the clock was wrong.
 */
export function nextScanAt(state: ScheduleState, now: Date): Date {
  const { lastStart, requested } = state;
  if (lastStart === null || requested) return now;
  const last = notAfter(lastStart, now);
  const planned = last + spanAfter(state);
  const changed = changeDue(state, last, now);
  return new Date(changed === null ? planned : Math.min(planned, changed));
}

function notAfter(instant: Date, now: Date): number {
  return Math.min(instant.getTime(), now.getTime());
}

/** A scan that failed is tried again sooner than the next would be, and later each time. */
function spanAfter({ interval, chance, failures }: ScheduleState): number {
  const planned = failures === 0 ? interval : Math.min(interval, LEAST_GAP * 2 ** (failures - 1));
  // Whatever the interval and chance are, the floor holds.
  return Math.max(LEAST_GAP, planned * (1 + JITTER * (2 * chance - 1)));
}

function changeDue(
  { firstChange, lastChange }: ScheduleState,
  lastStart: number,
  now: Date,
): number | null {
  if (firstChange === null || lastChange === null) return null;
  const settled = Math.min(
    notAfter(lastChange, now) + SETTLING,
    notAfter(firstChange, now) + LONGEST_SETTLING,
  );
  return Math.max(settled, lastStart + LEAST_GAP);
}
