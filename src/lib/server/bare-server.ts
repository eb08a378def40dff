import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type CertificateSource } from '../ports/certificate-source.ts';
import { logAccess } from './access-log.ts';
import { limitScope } from './auth/limit-scope.ts';
import { requireAccess } from './auth/require-access.ts';
import { answerClientError } from './client-errors.ts';
import { type ServerContext } from './context.ts';
import { answerErrors, answerFrameworkError } from './errors.ts';
import { KnownPaths } from './known-paths.ts';
import { LIMITS, type ServerLimits } from './limits.ts';
import { makeListener } from './listener.ts';
import { refusePackedBodies } from './packed-bodies.ts';
import { addSecurityHeaders } from './security-headers.ts';

const REQUEST_ID = /^[\w.:-]{1,64}$/;

/** How it listens. */
export interface ListeningOptions {
  readonly limits?: ServerLimits;
  /** Null for plain HTTP. */
  readonly certificate?: CertificateSource | null;
}

/**
 * What is the same for everything that is served: limits, the form of errors, and who may ask.
 *
 * @param beforeCallers what has to see a request before anybody asks who it is from
 */
export async function bareServer(
  context: ServerContext,
  { limits = LIMITS, certificate = null }: ListeningOptions = {},
  beforeCallers: (server: FastifyInstance) => Promise<void> = () => Promise.resolve(),
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
  const paths = new KnownPaths();
  paths.watch(server);
  answerErrors(server, context, paths);
  await addSecurityHeaders(server, certificate !== null);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  logAccess(server, context);
  await beforeCallers(server);
  await requireAccess(server, context);
  limitScope(server);
  refusePackedBodies(server);
  return server;
}
