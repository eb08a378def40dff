import { z } from 'zod';
import { type PageWire } from './page-query.ts';

const MOST_ROWS = 1_000;

/** Parameters of lists that grow at their front. */
export const newestFirstShape = {
  limit: z.coerce.number().int().min(1).max(MOST_ROWS).default(100).describe('how many on a page'),
  cursor: z
    .string()
    .max(100)
    .optional()
    .describe('where the page begins, from page.next of the one before'),
};

interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * A page of what has its newest in front; undefined where the one to go on after is not there. New ones come in front, so a page goes on
 * after one of them and not after a number.
 *
 * @param url path that was asked for, with its parameters
 * @param passes what is to be listed; the one to go on after need not be of it any more
 */
export function newestFirst<T extends { readonly id: string }>(
  all: readonly T[],
  { limit, cursor }: Asked,
  url: string,
  passes: (one: T) => boolean = () => true,
): { readonly rows: readonly T[]; readonly page: PageWire } | undefined {
  const before = cursor === undefined ? -1 : all.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && before === -1) return undefined;
  const listed = all.filter(passes);
  const offset = all.slice(0, before + 1).filter(passes).length;
  const rows = listed.slice(offset, offset + limit);
  const last = offset + limit < listed.length ? rows.at(-1) : undefined;
  const next = last === undefined ? null : nextPage(url, limit, last.id);
  return { rows, page: { total: listed.length, limit, offset, next } };
}

function nextPage(url: string, limit: number, last: string): string {
  const next = new URL(url, 'http://localhost');
  next.searchParams.set('limit', String(limit));
  next.searchParams.set('cursor', last);
  return next.pathname + next.search;
}
