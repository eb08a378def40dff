import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ServerContext } from '../context.ts';
import { refuse } from '../http-error.ts';
import { type Caller, type Credentials, type Needed, type Verdict } from './access.ts';
import { isLoopbackAddress } from './loopback-reading.ts';
import { type RateLimits, rateLimits } from './rate-limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; `open` for everybody. A route that says nothing lets nobody in. */
    readonly access?: Needed | 'open';
  }
  interface FastifyRequest {
    /** Null where everybody may ask. */
    caller: Caller | null;
  }
}

/** Asks who a caller is before anything else is read of the request, and counts what they ask. */
export async function requireAccess(
  server: FastifyInstance,
  context: ServerContext,
): Promise<void> {
  const limits = await rateLimits(server, context.settings.server.rateLimit);
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config;
    // Whoever asks for what is not there learns just that.
    if (access !== 'open' && !request.is404) {
      if (access === undefined) throw new Error(`${request.url} does not say who may ask`);
      request.caller = await admit(request, reply, { context, limits, access });
    }
    await limits.count(request, reply);
  });
}

interface Asking {
  readonly context: ServerContext;
  readonly limits: RateLimits;
  readonly access: Needed;
}

async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { context, limits, access }: Asking,
): Promise<Caller> {
  await limits.beforeAsking(request, reply);
  const credentials = credentialsOf(request);
  const verdict = await context.authenticator.admit(credentials, access, request.signal);
  if (verdict.state === 'unknown') await limits.failed(request);
  // What is refused is no less work to ask.
  if (verdict.state !== 'admitted') await limits.count(request, reply);
  return callerOf(verdict, credentials);
}

/** Headers by which proxies say that somebody else asks. */
const HANDED_ON = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** What of a request tells who it is from. */
export function credentialsOf({ method, headers, ip, server }: FastifyRequest): Credentials {
  return {
    method,
    authorization: headers.authorization,
    host: headers.host,
    remoteAddress: ip,
    forwarded: HANDED_ON.some((name) => headers[name] !== undefined),
    local: isLocal(server),
  };
}

/** Whether the server listens on loopback alone. One that does not listen is asked by a test. */
function isLocal(server: FastifyInstance): boolean {
  if (!server.server.listening) return false;
  return server
    .addresses()
    .every((each) => typeof each !== 'string' && isLoopbackAddress(each.address));
}

function callerOf(verdict: Verdict, { authorization }: Credentials): Caller {
  switch (verdict.state) {
    case 'admitted':
      return verdict.caller;
    case 'unknown':
      throw refuse(401, {
        code: 'UNAUTHENTICATED',
        message: verdict.reason,
        remediation: ['Send the header Authorization: Bearer TOKEN.'],
        headers: {
          'www-authenticate': `Bearer realm="truenas-monitor"${authorization === undefined ? '' : ', error="invalid_token"'}`,
        },
      });
    case 'forbidden':
      throw refuse(403, { code: 'FORBIDDEN', message: verdict.reason });
    case 'unavailable':
      throw refuse(503, {
        code: 'AUTH_UNAVAILABLE',
        message: verdict.reason,
        class: 'transient',
        remediation: ['Try again; the log of truenas-monitor says what is wrong.'],
        headers: { 'retry-after': '5' },
      });
  }
}
