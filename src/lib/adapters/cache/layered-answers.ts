import { LRUCache } from 'lru-cache';
import { elapsed, type Millis, millis } from '../../core/model/units.ts';
import {
  type AnswerCache,
  type AnswerSource,
  type KeptAnswer,
  type SharedAnswers,
} from '../../ports/answer-cache.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';

export interface LayeredAnswersOptions {
  /** How long an answer is good without a thought. */
  readonly lifetime: Millis;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Null where this process is alone. */
  readonly shared: SharedAnswers | null;
  /** Bytes of all answers together. */
  readonly room?: number;
}

/** A page of ten thousand volumes is some megabytes. */
const ROOM = 32 * 1024 * 1024;
/** Questions are as many as there are objects. */
const MOST_ANSWERS = 500;
/** An answer that is older than so many lifetimes is not handed out while the next is made. */
const STALE_FOR = 10;
/** A layer that is slower than this is slower than to do without. */
const SHARED_PATIENCE = 2_000;

/** Answers in memory, behind them those that several processes share, behind those whoever makes them. */
export function layeredAnswers(options: LayeredAnswersOptions): AnswerCache {
  const { lifetime, clock, logger, shared, room = ROOM } = options;
  const counts = { hit: 0, stale: 0, miss: 0 };
  const memory = new LRUCache<string, KeptAnswer, AnswerSource>({
    max: MOST_ANSWERS,
    maxSize: room,
    sizeCalculation: ({ body }, question) => body.byteLength + question.length + 1,
    // Zero would be for ever.
    ttl: Math.max(lifetime, 1),
    allowStale: true,
    // Whoever waits for an answer is told what went wrong with it; the one before stays for the others.
    noDeleteOnFetchRejection: true,
    perf: { now: () => clock.now().getTime() },
    ttlResolution: 0,
    fetchMethod: async (question, before, { context }) => {
      // Nothing was scanned since: it would come out the same.
      if (before?.scan === context.scan) return before;
      return (await fromShared(question, context)) ?? (await make(question, context));
    },
  });

  const guarded = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    try {
      return await work(AbortSignal.timeout(SHARED_PATIENCE));
    } catch (error) {
      logger.log('debug', 'the shared answers are out of reach', {
        reason: error instanceof Error ? error.message : String(error),
      });
      return undefined;
    }
  };

  const fromShared = async (
    question: string,
    { scan }: AnswerSource,
  ): Promise<KeptAnswer | undefined> => {
    if (shared === null) return undefined;
    const found = await guarded((signal) => shared.load(question, signal));
    return found?.scan === scan ? found : undefined;
  };

  const make = async (question: string, source: AnswerSource): Promise<KeptAnswer> => {
    const body = await source.make();
    const answer: KeptAnswer = { body, scan: source.scan, madeAt: clock.now() };
    if (shared !== null) {
      void guarded((signal) => shared.keep(question, answer, lifetime, signal));
    }
    return answer;
  };

  const dropTooOld = (question: string): void => {
    const kept = memory.peek(question, { allowStale: true });
    if (kept === undefined) return;
    if (elapsed(kept.madeAt, clock.now()) > millis(lifetime * STALE_FOR)) memory.delete(question);
  };

  return {
    counts,
    get: async (question, source) => {
      dropTooOld(question);
      const kept = memory.peek(question, { allowStale: true });
      counts[outcomeOf(kept, memory.has(question))] += 1;
      return await memory.forceFetch(question, { context: source });
    },
  };
}

function outcomeOf(kept: KeptAnswer | undefined, fresh: boolean): 'hit' | 'stale' | 'miss' {
  if (kept === undefined) return 'miss';
  return fresh ? 'hit' : 'stale';
}
