const CALLS = 20;
const WINDOW_MS = 60_000;

/** Counts calls of methods that need no login, by method and remote address. */
export class RateLimiter {
  readonly #windows = new Map<string, { readonly start: number; calls: number }>();

  /** Counts a call; true where it is one too many. @param now monotonic milliseconds */
  exceeds(method: string, address: string, now: number): boolean {
    const key = `${method} ${address}`;
    const known = this.#windows.get(key);
    const window = known && now - known.start < WINDOW_MS ? known : { start: now, calls: 0 };
    this.#windows.set(key, window);
    window.calls += 1;
    return window.calls > CALLS;
  }
}
