import { type Millis } from '../core/model/units.ts';

/** Waits, or no longer than until the signal is aborted, which it then throws. */
export type Pause = (span: Millis, signal: AbortSignal) => Promise<void>;
