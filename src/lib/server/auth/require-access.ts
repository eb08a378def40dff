import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ServerContext } from '../context.ts';
import { refuse } from '../http-error.ts';
import { type Caller, type Credentials, type Needed, type Verdict } from './access.ts';

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

/** Asks who a caller is before anything else is read of the request. */
export function requireAccess(server: FastifyInstance, context: ServerContext): void {
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config;
    // Whoever asks for what is not there learns just that.
    if (access === 'open' || request.is404) return;
    if (access === undefined) throw new Error(`${request.url} does not say who may ask`);
    const verdict = await context.authenticator.admit(
      credentialsOf(request),
      access,
      request.signal,
    );
    request.caller = callerOf(verdict);
  });
}

/** What of a request tells who it is from. */
export function credentialsOf({ method, headers, ip }: FastifyRequest): Credentials {
  const { authorization, host } = headers;
  return { method, authorization, host, remoteAddress: ip, local: false };
}

function callerOf(verdict: Verdict): Caller {
  switch (verdict.state) {
    case 'admitted':
      return verdict.caller;
    case 'unknown':
      throw refuse(401, {
        code: 'UNAUTHENTICATED',
        message: verdict.reason,
        headers: { 'www-authenticate': 'Bearer realm="truenas-monitor"' },
      });
    case 'forbidden':
      throw refuse(403, { code: 'FORBIDDEN', message: verdict.reason });
    case 'unavailable':
      throw refuse(503, {
        code: 'AUTH_UNAVAILABLE',
        message: verdict.reason,
        class: 'transient',
        headers: { 'retry-after': '5' },
      });
  }
}
