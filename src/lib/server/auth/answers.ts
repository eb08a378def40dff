import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Millis } from '../../core/model/units.ts';

/** Which answers are kept, and for how long. */
export interface AnswersOptions<T> {
  /** Answers that are kept at most: whoever makes names up must not fill the memory. */
  readonly max: number;
  /** Questions that are under way at most. */
  readonly atOnce: number;
  /** How long one question may take, whoever still waits for it. */
  readonly deadline: Millis;
  readonly goodFor: (answer: T) => Millis;
  /** Where no answer can be had now, or not in time. */
  readonly noAnswer: (reason: string) => T;
}

/**
 * Keeps answers for a moment, and asks each question once however many wait for it. What the question is about is kept as a
 * keyed hash alone, with a key of this process: what lies in memory is of no use to anybody as a token.
 */
export class Answers<T extends object> {
  readonly #options: AnswersOptions<T>;
  readonly #kept: LRUCache<string, T>;
  readonly #asked = new Map<string, Promise<T>>();
  readonly #key = randomBytes(32);

  constructor(options: AnswersOptions<T>) {
    this.#options = options;
    this.#kept = new LRUCache({ max: options.max });
  }

  async get(question: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const name = createHmac('sha256', this.#key).update(question).digest('base64');
    const kept = this.#kept.get(name) ?? this.#asked.get(name);
    if (kept !== undefined) return await kept;
    if (this.#asked.size >= this.#options.atOnce) return this.#options.noAnswer('too many callers');
    const asked = this.#ask(name, ask);
    this.#asked.set(name, asked);
    try {
      return await asked;
    } finally {
      this.#asked.delete(name);
    }
  }

  async #ask(name: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { deadline, goodFor, noAnswer } = this.#options;
    const signal = AbortSignal.timeout(deadline);
    let answer: T;
    try {
      answer = await ask(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      answer = noAnswer(`no answer within ${deadline / 1000} s`);
    }
    this.#kept.set(name, answer, { ttl: goodFor(answer) });
    return answer;
  }
}
