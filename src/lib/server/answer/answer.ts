import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { type CurrentScan, tellFreshness } from '../freshness.ts';
import { isKnown, unchanged } from './revalidate.ts';

export const JSON_TYPE = 'application/json';
export const LINES_TYPE = 'application/x-ndjson';

/** What is larger than this is not put together in memory: whoever reads it slowly would make it stay there. */
const WHOLE = 512 * 1024;

export interface Answer {
  readonly type: string;
  /** Makes it, piece by piece. */
  readonly pieces: () => Iterable<Buffer>;
  /** How long it is going to be at most, about; null where nobody knows. */
  readonly size: number | null;
}

/** Answers with what is made of a scan, or that nothing has changed since the caller asked last. */
export function answerWith(
  request: FastifyRequest,
  reply: FastifyReply,
  current: CurrentScan,
  { type, pieces, size }: Answer,
): Buffer | Readable | FastifyReply {
  tellFreshness(reply, current);
  if (isKnown(request, reply, current, type)) return unchanged(reply);
  void reply.header('content-type', `${type}; charset=utf-8`);
  if (size !== null && size <= WHOLE) return Buffer.concat([...pieces()]);
  // Pieces are made when somebody takes them, and not before.
  return Readable.from(pieces(), { objectMode: true, highWaterMark: 2 });
}
