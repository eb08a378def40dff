import { type Millis } from '../../../src/lib/core/model/units.ts';

interface Waiting {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes when it is told to. */
export class FakeTime {
  #now = 0;
  readonly #waiting = new Set<Waiting>();

  get now(): number {
    return this.#now;
  }

  readonly pause = (span: Millis, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const entry: Waiting = {
        at: this.#now + span,
        wake: () => {
          this.#waiting.delete(entry);
          resolve();
        },
      };
      this.#waiting.add(entry);
      const onAbort = (): void => {
        this.#waiting.delete(entry);
        reject(new Error('woken'));
      };
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
    });

  /** Lets so many milliseconds pass, and everything happen that is due meanwhile. */
  async pass(span: number): Promise<void> {
    const end = this.#now + span;
    await settle();
    for (;;) {
      const next = [...this.#waiting].toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets everything happen that waits for nothing. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
