import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type LogLevel } from '../ports/logger.ts';
import { type ServerContext } from './context.ts';

/** Asked every few seconds by machines, about which there is nothing to say. */
const QUIET: ReadonlySet<string> = new Set(['/health', '/ready', '/version', '/metrics']);

/**
 * One line for each request, and its id on whatever is logged while it is answered. Routes are named by their pattern and never by what
 * was asked for: that may hold anything, and is somebody's business.
 */
export function logAccess(server: FastifyInstance, { logger, scope }: ServerContext): void {
  server.addHook('onRequest', (request, _reply, done) => {
    scope.run({ request: request.id }, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { url: route } = request.routeOptions;
    logger.log(levelOf(route, reply), 'answered', {
      request: request.id,
      method: request.method,
      route: route ?? '(no such route)',
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
      ...callerOf(request),
    });
    done();
  });
  server.addHook('onRequestAbort', (request, done) => {
    logger.log('info', 'a request ended before it was whole, or answered', {
      request: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '(no such route)',
    });
    done();
  });
}

function levelOf(route: string | undefined, { statusCode }: FastifyReply): LogLevel {
  if (statusCode >= 500 && statusCode !== 503) return 'error';
  return route !== undefined && QUIET.has(route) ? 'debug' : 'info';
}

function callerOf({ caller }: FastifyRequest): Readonly<Record<string, string>> {
  if (caller === null) return {};
  return { role: caller.role, ...(caller.name !== null && { caller: caller.name }) };
}
