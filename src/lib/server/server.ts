import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type ServerContext } from './context.ts';
import { answerErrors } from './errors.ts';
import { requireAccess } from './auth/require-access.ts';
import { EVENT_LIMITS, type EventLimits } from './events/event-limits.ts';
import { openEvents } from './events/open-events.ts';
import { eventRoutes } from './routes/events.ts';
import { orphanRoutes } from './routes/orphans.ts';
import { probeRoutes } from './routes/probes.ts';
import { scanRoutes } from './routes/scans.ts';

/** No request that makes sense here is larger. */
const BODY_LIMIT = 64 * 1024;
/** However slowly somebody sends a request, it is not waited for longer than this. */
const REQUEST_TIMEOUT = 15_000;
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The server, which listens to nobody yet. */
export async function buildServer(
  context: ServerContext,
  eventLimits: EventLimits = EVENT_LIMITS,
): Promise<FastifyInstance> {
  const { settings } = context;
  const server = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    trustProxy:
      settings.server.trustedProxies.length === 0 ? false : [...settings.server.trustedProxies],
    // What is written into headers and logs is not taken from just anybody.
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  // Whatever is sent here is JSON: a text would be taken for a body nobody checks.
  server.removeContentTypeParser('text/plain');
  answerErrors(server, context);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  const events = await openEvents(server, context, eventLimits);
  requireAccess(server, context);
  await server.register(async (scope) => {
    probeRoutes(scope, context);
    orphanRoutes(scope, context);
    scanRoutes(scope, context);
    eventRoutes(scope, context, events);
  });
  return server;
}
