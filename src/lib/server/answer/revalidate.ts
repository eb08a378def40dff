import { type FastifyReply, type FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { allowedNamespaces } from '../auth/limit-scope.ts';
import { type CurrentScan } from '../freshness.ts';

/**
 * Tells what an answer is known by, and whether the caller has it already. It is made of what decides the answer and not of the answer,
 * so that nothing has to be made to find out; and it is weak, because how old the scan is differs from second to second.
 */
export function isKnown(
  request: FastifyRequest,
  reply: FastifyReply,
  { scan, freshness }: CurrentScan,
  type: string,
): boolean {
  const allowed = allowedNamespaces(request);
  const decisive = [
    scan.id,
    freshness.stale,
    type,
    request.url,
    allowed === null ? null : [...allowed].sort(),
  ];
  const hash = createHash('sha256').update(JSON.stringify(decisive)).digest('base64url');
  return isSame(request, reply, `W/"${hash.slice(0, 22)}"`);
}

/** The same for what depends on nobody and nothing but itself. */
export function isSame(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  void reply.headers({
    etag,
    // It may be kept by the caller alone, and is asked for again each time: that costs nothing where it is still the same.
    'cache-control': 'private, no-cache',
    vary: 'accept, accept-encoding, authorization',
  });
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const tags = known.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag.replace(/^W\//, ''));
}

/** Says that what the caller has is still true. It has no body, not even an empty one, which is why nothing is returned to be written. */
export function unchanged(reply: FastifyReply): FastifyReply {
  return reply.code(304).send();
}
