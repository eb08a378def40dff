import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type HttpError, refuse } from './http-error.ts';

/** Methods whose body nobody reads. */
const WITHOUT_BODY = ['GET', 'HEAD'];

/**
 * Refuses bodies that come compressed: a small one may hold a very large one, and so none is unpacked. Read as it comes it would be taken
 * for something else than was meant. It is asked after who the caller is, as all that is about the body.
 */
export function refusePackedBodies(server: FastifyInstance): void {
  server.addHook('preParsing', (request, _reply, payload, done) => {
    if (!request.is404 && hasBody(request) && isPacked(request)) done(packed());
    else done(null, payload);
  });
}

function hasBody({ method, headers }: FastifyRequest): boolean {
  if (WITHOUT_BODY.includes(method)) return false;
  return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
}

function isPacked({ headers }: FastifyRequest): boolean {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim());
  return encodings.some((name) => name !== '' && name.toLowerCase() !== 'identity');
}

function packed(): HttpError {
  return refuse(415, {
    code: 'UNSUPPORTED_CONTENT_ENCODING',
    message: 'a body that is compressed is not read',
    remediation: ['Send the body as it is, without Content-Encoding.'],
    headers: { 'accept-encoding': 'identity' },
  });
}
