import { createHmac, randomBytes } from 'node:crypto';
import { normalizeIP } from '@fastify/rate-limit';
import rateLimit from '@fastify/rate-limit';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { type RateLimit } from '../../core/serve/settings.ts';
import { refuse } from '../http-error.ts';

/** Clients that are counted at most; whoever was not heard of for longest is forgotten first. */
const CLIENTS = 5_000;
/** Tokens that let somebody in lately. */
const GOOD_TOKENS = 1_000;
const GOOD_FOR = 600_000;
/** Probes ask often, and several of them. */
const OPEN_TIMES = 5;
/** Whoever guesses tokens gets far fewer guesses than whoever has one gets answers. */
const FAILURES_PART = 20;
const FEWEST_FAILURES = 5;

/** Counts what each client asks, and refuses what is too much. */
export interface RateLimits {
  /** Before anybody is asked who it is. */
  beforeAsking(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Once it is known, or anybody may ask. */
  count(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  failed(request: FastifyRequest): Promise<void>;
}

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;
type Count = Awaited<ReturnType<Limiter>>;

/**
 * By caller where one is known, else by address. Who fails to show who they are is counted by address, since tokens can be made up. But a
 * token that was good lately is looked at all the same: behind a proxy, everybody has the address of whoever guesses.
 */
export async function rateLimits(
  server: FastifyInstance,
  { max, window }: RateLimit,
): Promise<RateLimits> {
  await server.register(rateLimit, { global: false, cache: CLIENTS });
  const limiter = (most: number, keyGenerator: (request: FastifyRequest) => string): Limiter =>
    server.createRateLimit({ max: most, timeWindow: window, keyGenerator });
  const known = limiter(max, (request) => keyOf(request));
  const open = limiter(max * OPEN_TIMES, addressOf);
  const failures = limiter(Math.max(FEWEST_FAILURES, Math.ceil(max / FAILURES_PART)), addressOf);
  const good = new LRUCache<string, true>({ max: GOOD_TOKENS, ttl: GOOD_FOR });
  const key = randomBytes(32);
  const nameOf = ({ headers }: FastifyRequest): string | undefined =>
    headers.authorization === undefined
      ? undefined
      : createHmac('sha256', key).update(headers.authorization).digest('base64');

  return {
    beforeAsking: async (request, reply) => {
      const name = nameOf(request);
      if (name !== undefined && good.get(name) === true) return;
      const counted = await failures(request, { increment: false });
      // The one that would be too many is refused without asking, so that nobody learns whether it was right.
      if (!counted.isAllowed && counted.remaining === 0) refuseMore(counted, reply);
    },
    count: async (request, reply) => {
      const counted = await (isOpen(request) ? open(request) : known(request));
      if (counted.isAllowed) return;
      void reply.headers({
        'x-ratelimit-limit': counted.max,
        'x-ratelimit-remaining': counted.remaining,
        'x-ratelimit-reset': counted.ttlInSeconds,
      });
      if (counted.isExceeded) refuseMore(counted, reply);
      const name = nameOf(request);
      if (name !== undefined && request.caller !== null && request.caller.name !== null) {
        good.set(name, true);
      }
    },
    failed: async (request) => {
      await failures(request);
    },
  };
}

function isOpen(request: FastifyRequest): boolean {
  return request.routeOptions.config.access === 'open';
}

function refuseMore(counted: Extract<Count, { isAllowed: false }>, reply: FastifyReply): never {
  // A limit that is reached without another count has no time left to tell.
  const seconds = Math.max(1, counted.ttlInSeconds);
  void reply.header('retry-after', String(seconds));
  throw refuse(429, {
    code: 'TOO_MANY_REQUESTS',
    class: 'transient',
    message: `that is more than one client may ask; wait ${String(seconds)} s`,
    details: { limit: counted.max, retry_after_seconds: seconds },
    remediation: ['Ask less often; what is served changes with each scan only.'],
    headers: { 'retry-after': String(seconds) },
  });
}

function keyOf(request: FastifyRequest): string {
  const name = request.caller?.name ?? null;
  return name === null ? addressOf(request) : `caller ${name}`;
}

function addressOf({ ip }: FastifyRequest): string {
  return `address ${normalizeIP(ip)}`;
}
