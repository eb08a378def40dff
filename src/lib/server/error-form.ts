import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Failure } from '../core/serve/failure.ts';
import { type HttpError } from './http-error.ts';

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

/** Headers of an answer that came to nothing, and are untrue of the error in its place. */
const OF_ANSWERS = ['etag', 'link', 'content-encoding', 'content-length', 'last-modified'];

/** Makes a reply that of an error; what is returned is its body. */
export function errorBody(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, failure, headers }: HttpError,
  now: Date,
): string {
  for (const name of OF_ANSWERS) void reply.removeHeader(name);
  void reply
    .code(status)
    .headers(headers)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store');
  return JSON.stringify(errorForm(failure, request.id, now));
}
