const RUNNING = 10;
const TOTAL = 20;

/**
 * The calls of one connection: ten run, ten more wait, one more is refused. Calls that came together are
 * begun newest first, as a server gives no order of replies.
 */
export class CallQueue {
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #scheduled = false;

  /** Takes a call; false where there are too many. It must not reject. */
  add(run: () => Promise<void>): boolean {
    if (this.#running + this.#waiting.length >= TOTAL) return false;
    this.#waiting.push(run);
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#start();
      });
    }
    return true;
  }

  #start(): void {
    while (this.#running < RUNNING) {
      const run = this.#waiting.pop();
      if (run === undefined) return;
      this.#running += 1;
      void run().finally(() => {
        this.#running -= 1;
        this.#start();
      });
    }
  }
}
