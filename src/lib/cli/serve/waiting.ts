import { type Failure } from '../../core/serve/failure.ts';

export interface FailedCall {
  readonly state: 'failed';
  readonly error: Failure;
}

/** Whoever waits for answers of the thread, by the number of the call. */
export class Waiting<T> {
  readonly #calls = new Map<number, (result: T | FailedCall) => void>();
  #last = 0;

  get size(): number {
    return this.#calls.size;
  }

  /** @param post asks, by the number that the answer is to come with */
  async ask(post: (call: number) => void): Promise<T | FailedCall> {
    this.#last += 1;
    const call = this.#last;
    const { promise, resolve } = Promise.withResolvers<T | FailedCall>();
    this.#calls.set(call, resolve);
    post(call);
    return await promise;
  }

  settle(call: number, result: T): void {
    this.#calls.get(call)?.(result);
    this.#calls.delete(call);
  }

  fail(error: Failure): void {
    for (const resolve of this.#calls.values()) resolve({ state: 'failed', error });
    this.#calls.clear();
  }
}
