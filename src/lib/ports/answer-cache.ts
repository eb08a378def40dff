import { type Millis } from '../core/model/units.ts';

/*
 * Answers that had to be worked out, kept for whoever asks for the same. They are for reading alone: nothing that changes anything goes
 * by them, and an import of this file by anything that cleans up fails the build.
 */

/** An answer, and what it was made of. */
export interface KeptAnswer {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Names the scan that was served when it was made. */
  readonly scan: string;
  readonly madeAt: Date;
}

/** How an answer is made where none is kept. */
export interface AnswerSource {
  /** The scan that is served now: an answer made of it is good for as long as it is served. */
  readonly scan: string;
  /** Throws where there is no answer; that is not kept. */
  make(): Promise<Uint8Array<ArrayBuffer>>;
}

export interface AnswerCache {
  /**
   * The answer to a question, made once however many ask at the same time. One that is past its time is handed out once more while the
   * next is being made, unless it is so old that nobody should see it.
   */
  get(question: string, source: AnswerSource): Promise<KeptAnswer>;
  /** How often an answer was there, was there and past its time, or had to be made. */
  readonly counts: Readonly<Record<'hit' | 'stale' | 'miss', number>>;
}

/** A layer that several processes share. It may be slow, forget, and fail: then the answer is made here. */
export interface SharedAnswers {
  load(question: string, signal: AbortSignal): Promise<KeptAnswer | undefined>;
  keep(question: string, answer: KeptAnswer, lifetime: Millis, signal: AbortSignal): Promise<void>;
}
