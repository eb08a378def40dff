import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { INTERNAL_FAILURE, type Failure } from '../core/serve/failure.ts';
import { type Clock } from '../ports/clock.ts';
import { type ServerContext } from './context.ts';
import { HttpError, refuse } from './http-error.ts';

/** Every answer that is none, in one form. */
export function answerErrors(server: FastifyInstance, { clock, logger }: ServerContext): void {
  const answer = errorAnswer(clock);
  server.setErrorHandler(async (error: FastifyError | HttpError, request, reply) => {
    if (error instanceof HttpError) return await answer(request, reply, error);
    const status = error.statusCode ?? 500;
    if (status < 500) return await answer(request, reply, ofFastify(status, error));
    logger.log('error', error.stack ?? error.message, { request: request.id });
    return await answer(request, reply, new HttpError(500, INTERNAL_FAILURE));
  });
  server.setNotFoundHandler(async (request, reply) => {
    return await answer(
      request,
      reply,
      refuse(404, {
        code: 'NOT_FOUND',
        message: 'there is nothing at this address',
        remediation: ['GET /openapi.json lists what there is.'],
      }),
    );
  });
}

type Answer = (
  request: FastifyRequest,
  reply: FastifyReply,
  error: HttpError,
) => Promise<FastifyReply>;

function errorAnswer(clock: Clock): Answer {
  return async (request, reply, { status, failure, headers }) =>
    await reply
      .code(status)
      .headers(headers)
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(errorForm(failure, request.id, clock.now())));
}

/** What Fastify refuses before it looks for a route, such as an address that cannot be decoded. It would repeat what was sent. */
export function answerFrameworkError({ clock }: Pick<ServerContext, 'clock'>) {
  const answer = errorAnswer(clock);
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const message =
      error.code === 'FST_ERR_MAX_PARAM_LENGTH'
        ? 'a part of the address is too long'
        : 'the address cannot be read';
    void reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    void answer(request, reply, refuse(error.statusCode ?? 400, { code: error.code, message }));
  };
}

/** The form of every error. */
export function errorForm(
  { code, message, details, remediation }: Failure,
  requestId: string,
  now: Date,
): unknown {
  return {
    error: {
      code,
      message,
      details,
      timestamp: now.toISOString(),
      request_id: requestId,
      remediation,
    },
  };
}

/** What Fastify refuses by itself. Its messages say what is wrong, and never repeat what was sent. */
function ofFastify(status: number, error: FastifyError): HttpError {
  return refuse(status, { code: error.code, message: error.message });
}
