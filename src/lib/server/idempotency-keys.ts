import { z } from 'zod';
import { elapsed, millis, type Millis } from '../core/model/units.ts';
import { type Clock } from '../ports/clock.ts';

export const KEY_KEPT_FOR = millis(24 * 3_600_000);
/** Keys that are remembered at most. */
export const KEYS = 1_000;

/** The header by which a key comes. */
export function keyHeader(
  what: string,
): z.ZodObject<{ 'idempotency-key': z.ZodOptional<z.ZodString> }, z.core.$loose> {
  return z.looseObject({
    'idempotency-key': z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/)
      .optional()
      .describe(`the same key names the same ${what} for a day: whoever lost an answer asks again`),
  });
}

interface Used<T> {
  readonly what: T;
  readonly at: Date;
}

/** What was started with which key, so that whoever lost an answer can ask again and starts nothing twice. */
export class IdempotencyKeys<T> {
  readonly #clock: Clock;
  readonly #keptFor: Millis;
  readonly #max: number;
  /** The oldest first. */
  readonly #used = new Map<string, Used<T>>();

  constructor(clock: Clock, keptFor: Millis, max: number) {
    this.#clock = clock;
    this.#keptFor = keptFor;
    this.#max = max;
  }

  /** What it started; undefined where the key was not used, or so long ago that it is free again. */
  find(caller: string | null, key: string): T | undefined {
    const now = this.#clock.now();
    for (const [name, { at }] of this.#used) {
      if (elapsed(at, now) < this.#keptFor) break;
      this.#used.delete(name);
    }
    return this.#used.get(nameOf(caller, key))?.what;
  }

  keep(caller: string | null, key: string, what: T): void {
    const [oldest] = this.#used.keys();
    if (this.#used.size >= this.#max && oldest !== undefined) this.#used.delete(oldest);
    this.#used.set(nameOf(caller, key), { what, at: this.#clock.now() });
  }
}

/** Keys are each caller's own. */
function nameOf(caller: string | null, key: string): string {
  return JSON.stringify([caller, key]);
}
