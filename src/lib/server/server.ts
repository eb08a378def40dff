import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type CertificateSource } from '../ports/certificate-source.ts';
import { answerClientError } from './client-errors.ts';
import { type ServerContext } from './context.ts';
import { answerErrors, answerFrameworkError } from './errors.ts';
import { requireAccess } from './auth/require-access.ts';
import { LIMITS, type ServerLimits } from './limits.ts';
import { makeListener } from './listener.ts';
import { orphanRoutes } from './routes/orphans.ts';
import { probeRoutes } from './routes/probes.ts';
import { addSecurityHeaders } from './security-headers.ts';

const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** How it listens. */
export interface ListeningOptions {
  readonly limits?: ServerLimits;
  /** Null for plain HTTP. */
  readonly certificate?: CertificateSource | null;
}

/** The server, which listens to nobody yet. */
export async function buildServer(
  context: ServerContext,
  { limits = LIMITS, certificate = null }: ListeningOptions = {},
): Promise<FastifyInstance> {
  const { settings, clock } = context;
  const server = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    serverFactory: (handler) => makeListener(handler, limits, certificate),
    clientErrorHandler: answerClientError(clock),
    frameworkErrors: answerFrameworkError(context),
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
  // A form of a page elsewhere can send plain text without asking first, and no route wants it.
  server.removeContentTypeParser('text/plain');
  answerErrors(server, context);
  await addSecurityHeaders(server, certificate !== null);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  await requireAccess(server, context);
  await server.register(async (scope) => {
    probeRoutes(scope, context);
    orphanRoutes(scope, context);
  });
  return server;
}
