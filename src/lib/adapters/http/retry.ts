import { setTimeout as wait } from 'node:timers/promises';
import { millis, type Millis } from '../../core/model/units.ts';

/** What makes retries differ from run to run; tests pass their own. */
export interface RetryTiming {
  /** From 0 up to, but not, 1. */
  readonly random: () => number;
  /** Rejects with the signal's reason as soon as it aborts. */
  readonly sleep: (span: Millis, signal: AbortSignal) => Promise<void>;
}

export interface RetryOptions extends RetryTiming {
  /** How often to try at all, the first time included. */
  readonly tries: number;
  readonly baseDelay: Millis;
  /** The longest wait. A server that asks for more is not asked again. */
  readonly maxDelay: Millis;
  readonly isTransient: (error: unknown) => boolean;
  /** How long the server itself asked to be left alone, where it did. */
  readonly retryAfter?: (error: unknown) => Millis | undefined;
  readonly signal: AbortSignal;
}

export const SYSTEM_TIMING: RetryTiming = {
  random: Math.random,
  async sleep(span, signal) {
    try {
      await wait(span, undefined, { signal });
    } catch (cause) {
      signal.throwIfAborted();
      throw cause;
    }
  },
};

/**
 * Tries until it works, fails for good, or has been tried often enough; then throws the last failure.
 * Waits with exponential back-off and full jitter, so that many clients do not come back in step.
 */
export async function retry<T>(operation: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    options.signal.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      options.signal.throwIfAborted();
      if (attempt >= options.tries || !options.isTransient(error)) throw error;
      const asked = options.retryAfter?.(error) ?? millis(0);
      if (asked > options.maxDelay) throw error;
      const delay = Math.max(asked, backOff(attempt, options));
      await options.sleep(millis(delay), options.signal);
    }
  }
}

function backOff(attempt: number, { baseDelay, maxDelay, random }: RetryOptions): number {
  return random() * Math.min(maxDelay, baseDelay * 2 ** (attempt - 1));
}

/**
 * Reads a `Retry-After` header: a number of seconds, or an instant.
 *
 * @param now the server's clock, by which it means an instant; null where it did not send one
 */
export function parseRetryAfter(header: string | undefined, now: Date | null): Millis | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return millis(Number(text) * 1_000);
  const instant = Date.parse(text);
  if (Number.isNaN(instant) || now === null) return undefined;
  return millis(Math.max(0, instant - now.getTime()));
}
