import { elapsed, type Millis, millis } from '../model/units.ts';
import { type Failure } from './failure.ts';
import { type ServedScan } from './served-scan.ts';

/** Why a scan was made. */
export const SCAN_REASONS = ['start', 'interval', 'change', 'request'] as const;
export type ScanReason = (typeof SCAN_REASONS)[number];

/** One scan, from being asked for to its end. */
export interface ScanRun {
  readonly id: string;
  readonly reason: ScanReason;
  readonly requestedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  /** What it is reading or judging; null where it is not running. */
  readonly phase: string | null;
  /** Null where it did not fail. */
  readonly error: Failure | null;
  /** What it found, by the id of the served scan; null until it is done. */
  readonly result: string | null;
}

/** What is known at an instant. */
export interface MonitorState {
  /** The last scan that did not fail; null until there was one. */
  readonly current: ServedScan | null;
  /** When that came, by the clock of this machine: the clock of a world that is played stands still. */
  readonly currentAt: Date | null;
  readonly running: ScanRun | null;
  /** Of the last scan, where it failed. */
  readonly failure: { readonly error: Failure; readonly at: Date } | null;
  readonly nextAt: Date | null;
  /** What is wrong with the configuration as it now is, so that the one before it is still gone by; null where it is in force. */
  readonly configuration: Failure | null;
  readonly interval: Millis;
}

/** After this many intervals without a new one a result is stale, whatever the reason. */
const STALE_AFTER = 3;

/** How old the last result is, and whether it may no longer be how things are. */
export interface Freshness {
  readonly age: Millis;
  readonly stale: boolean;
}

export function freshnessOf(
  { current, currentAt, failure, interval }: MonitorState,
  now: Date,
): Freshness | null {
  if (current === null || currentAt === null) return null;
  const age = millis(elapsed(currentAt, now) + (current.report.cachedFor ?? 0));
  return { age, stale: failure !== null || age > interval * STALE_AFTER };
}
