import { elapsed, type Millis } from '../core/model/units.ts';
import { type Clock } from '../ports/clock.ts';

interface Used {
  readonly run: string;
  readonly at: Date;
}

/** Which run was started with which key, so that whoever lost an answer can ask again and starts nothing twice. */
export class IdempotencyKeys {
  readonly #clock: Clock;
  readonly #keptFor: Millis;
  readonly #max: number;
  /** The oldest first. */
  readonly #used = new Map<string, Used>();

  constructor(clock: Clock, keptFor: Millis, max: number) {
    this.#clock = clock;
    this.#keptFor = keptFor;
    this.#max = max;
  }

  /** Id of the run; undefined where the key was not used, or so long ago that it is free again. */
  find(caller: string | null, key: string): string | undefined {
    const now = this.#clock.now();
    for (const [name, { at }] of this.#used) {
      if (elapsed(at, now) < this.#keptFor) break;
      this.#used.delete(name);
    }
    return this.#used.get(nameOf(caller, key))?.run;
  }

  keep(caller: string | null, key: string, run: string): void {
    const [oldest] = this.#used.keys();
    if (this.#used.size >= this.#max && oldest !== undefined) this.#used.delete(oldest);
    this.#used.set(nameOf(caller, key), { run, at: this.#clock.now() });
  }
}

/** Keys are each caller's own. */
function nameOf(caller: string | null, key: string): string {
  return JSON.stringify([caller, key]);
}
