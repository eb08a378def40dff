import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { MonitorError } from '../core/model/errors.ts';
import { failureOf, INTERNAL_FAILURE } from '../core/serve/failure.ts';
import { type ServerContext } from './context.ts';
import { errorBody } from './error-form.ts';
import { HttpError, refuse } from './http-error.ts';
import { invalidRequest } from './invalid-request.ts';
import { type KnownPaths } from './known-paths.ts';
import { refusalOf } from './refusal-of.ts';

/** Every answer that is none, in one form. */
export function answerErrors(
  server: FastifyInstance,
  { clock, logger }: ServerContext,
  paths: KnownPaths,
): void {
  server.setErrorHandler(async (error: unknown, request, reply) => {
    const refusal = httpErrorOf(request, error);
    if (refusal.failure === INTERNAL_FAILURE) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      logger.log('error', text, { request: request.id });
    }
    return errorBody(request, reply, refusal, clock.now());
  });
  server.setNotFoundHandler((request) => {
    const methods = paths.methodsOf(request.url);
    if (methods.length === 0 || methods.includes(request.method)) throw notFound();
    throw refuse(405, {
      code: 'METHOD_NOT_ALLOWED',
      message: 'this cannot be asked in this way',
      details: { allowed: methods.join(', ') },
      remediation: [`Use ${methods.join(' or ')}.`],
      headers: { allow: methods.join(', ') },
    });
  });
}

/** What Fastify refuses before it looks for a route, such as an address that cannot be decoded. It would repeat what was sent. */
export function answerFrameworkError({ clock }: Pick<ServerContext, 'clock'>) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const message =
      error.code === 'FST_ERR_MAX_PARAM_LENGTH'
        ? 'a part of the address is too long'
        : 'the address cannot be read';
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    const refusal = refuse(error.statusCode ?? 400, { code: error.code, message });
    void reply.send(errorBody(request, reply, refusal, clock.now()));
  };
}

function notFound(): HttpError {
  return refuse(404, {
    code: 'NOT_FOUND',
    message: 'there is nothing at this address',
    remediation: ['GET /openapi.json lists what there is.'],
  });
}

function httpErrorOf(request: FastifyRequest, error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof MonitorError) return refusalOf(failureOf(error));
  const invalid = invalidRequest(request, error);
  if (invalid !== undefined) return invalid;
  return isFastifyError(error) ? ofFastify(error) : new HttpError(500, INTERNAL_FAILURE);
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

/** What Fastify refuses by itself, by its code. */
const OF_FASTIFY: Readonly<Record<string, readonly [code: string, advice: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'UNSUPPORTED_MEDIA_TYPE',
    'Send the body as JSON, with Content-Type: application/json.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ['BODY_TOO_LARGE', 'Send less: no request here needs as much.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['BAD_REQUEST', 'Send a body that is JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BAD_REQUEST', 'Send a body, or leave out Content-Type.'],
};

/** Messages of Fastify say what is wrong, and never repeat what was sent. */
function ofFastify(error: FastifyError): HttpError {
  const status = error.statusCode ?? 500;
  if (status >= 500) return new HttpError(500, INTERNAL_FAILURE);
  const [code, advice] = OF_FASTIFY[error.code] ?? [];
  return refuse(status, {
    code: code ?? (/^[A-Z][A-Z0-9_]*$/.test(error.code) ? error.code : 'BAD_REQUEST'),
    message: error.message,
    remediation: advice === undefined ? [] : [advice],
  });
}
