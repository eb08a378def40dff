import { type Latency } from '../../core/model/connection.ts';
import { millis, type Millis } from '../../core/model/units.ts';

/** Of how many of the latest answers the time is kept: a reader may live long, and ask often. */
const KEPT = 1000;

/** Told of each exchange with a server. */
export type OnCall = (outcome: 'ok' | 'error', duration: Millis) => void;

/** How long a server took to answer, in bounded memory. */
export class LatencyMeter {
  readonly #times: number[] = [];
  readonly #onCall: OnCall | undefined;
  #answers = 0;

  constructor(onCall?: OnCall) {
    this.#onCall = onCall;
  }

  /** Answers that were waited for: also those that have an error in them, for they took their time too. */
  get answers(): number {
    return this.#answers;
  }

  /**
   * Waits for an answer, and notes how long it took.
   *
   * @param isAnswer whether an error is what the server answered, and not that nothing was
   */
  async time<T>(ask: () => Promise<T>, isAnswer: (error: unknown) => boolean): Promise<T> {
    const started = performance.now();
    try {
      const answer = await ask();
      this.note(performance.now() - started);
      return answer;
    } catch (error) {
      const duration = performance.now() - started;
      if (isAnswer(error)) this.note(duration);
      else this.noteFailure(duration);
      throw error;
    }
  }

  note(duration: number): void {
    this.#times[this.#answers % KEPT] = duration;
    this.#answers += 1;
    this.#onCall?.('ok', millis(duration));
  }

  /** Nobody answered. How long that took says nothing of how long an answer takes. */
  noteFailure(duration: number): void {
    this.#onCall?.('error', millis(duration));
  }

  /** Null where nothing was answered. */
  latency(): Latency | null {
    if (this.#times.length === 0) return null;
    const sorted = Float64Array.from(this.#times).sort();
    return { p50: percentile(sorted, 50), p95: percentile(sorted, 95) };
  }
}

/** By nearest rank: a time that was really seen. */
function percentile(sorted: Float64Array, percent: number): Latency['p50'] {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return millis(sorted[Math.max(rank, 1) - 1] ?? 0);
}
