import compress from '@fastify/compress';
import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type ServerContext } from './context.ts';
import { answerErrors } from './errors.ts';
import { limitScope } from './auth/limit-scope.ts';
import { requireAccess } from './auth/require-access.ts';
import { KnownPaths } from './known-paths.ts';
import { describeRoutes } from './openapi.ts';
import { readRepeatable } from './query/repeatable.ts';
import { documentRoutes } from './routes/documents.ts';
import { findingRoutes } from './routes/findings.ts';
import { listRoutes } from './routes/lists.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { orphanRoutes } from './routes/orphans.ts';
import { probeRoutes } from './routes/probes.ts';

/** No request that makes sense here is larger. */
const BODY_LIMIT = 64 * 1024;
/** However slowly somebody sends a request, it is not waited for longer than this. */
const REQUEST_TIMEOUT = 15_000;
/** What is sent is compressed; what is received is not unpacked, because a small body may hold a very large one. */
const COMPRESSION = { threshold: 1024, globalDecompression: false } as const;
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The server, which listens to nobody yet. */
export async function buildServer(context: ServerContext): Promise<FastifyInstance> {
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
  const paths = new KnownPaths();
  paths.watch(server);
  answerErrors(server, context, paths);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  requireAccess(server, context);
  limitScope(server);
  readRepeatable(server);
  await server.register(compress, COMPRESSION);
  await describeRoutes(server, context);
  await server.register((scope, _options, done) => {
    probeRoutes(scope, context);
    orphanRoutes(scope, context);
    findingRoutes(scope, context);
    listRoutes(scope, context);
    documentRoutes(scope, context);
    openApiRoutes(scope);
    done();
  });
  return server;
}
