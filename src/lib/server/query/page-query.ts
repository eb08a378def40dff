import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type HttpError, refuse } from '../http-error.ts';

const DEFAULT_LIMIT = 100;
const MOST = 1_000;

const LIMIT_ADVICE = `Write a whole number from 1 to ${String(MOST)}, or all.`;

/** Parameters of what is answered in pages. */
export const pageShape = {
  limit: z
    .string(LIMIT_ADVICE)
    .regex(/^(?:all|[1-9]\d{0,3})$/, LIMIT_ADVICE)
    .refine((value) => value === 'all' || Number(value) <= MOST, LIMIT_ADVICE)
    .default(String(DEFAULT_LIMIT))
    .describe(
      `rows of a page, from 1 to ${String(MOST)}; all streams every row, and has no next page`,
    ),
  cursor: z
    .string('Take it from page.next of the answer before.')
    .max(200, 'Take it from page.next of the answer before.')
    .optional()
    .describe('where the page begins, from page.next of the one before; no other value is of use'),
};

/** Which part of a list is asked for. */
export interface PageRequest {
  /** Null for all of it. */
  readonly limit: number | null;
  readonly offset: number;
}

/** What a cursor is good for: pages of one scan and of one question fit together, and no others. */
export interface PageOf {
  readonly scanId: string;
  /** Path with its parameters. */
  readonly url: string;
  /** What the caller may see. */
  readonly allowed: ReadonlySet<string> | null;
}

/** The question apart from which page of it is asked for. */
function questionOf(url: string): URL {
  const question = new URL(url, 'http://localhost');
  question.searchParams.delete('limit');
  question.searchParams.delete('cursor');
  question.searchParams.sort();
  return question;
}

function printOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

function cursorOf(offset: number, { scanId, url, allowed }: PageOf): string {
  const { pathname, search } = questionOf(url);
  const question = `${pathname}${search} ${allowed === null ? '' : [...allowed].sort().join(' ')}`;
  return `${String(offset)}.${printOf(scanId)}.${printOf(question)}`;
}

/** Reads which page is asked for. Throws an `HttpError` for a cursor that is of no use any more, or never was. */
export function readPage(
  { limit, cursor }: { readonly limit: string; readonly cursor?: string | undefined },
  of: PageOf,
): PageRequest {
  const wanted = limit === 'all' ? null : Number(limit);
  if (cursor === undefined) return { limit: wanted, offset: 0 };
  const [at = '', scan, question] = cursor.split('.');
  const [, sameScan, sameQuestion] = cursorOf(0, of).split('.');
  if (!/^\d{1,12}$/.test(at) || scan === undefined || question === undefined) throw badCursor();
  if (question !== sameQuestion) throw badCursor();
  if (scan !== sameScan) throw scanChanged(of);
  return { limit: wanted, offset: Number(at) };
}

function badCursor(): HttpError {
  return refuse(400, {
    code: 'BAD_CURSOR',
    message: 'this cursor is none of this list with these filters',
    details: { parameter: 'cursor' },
    remediation: ['Follow page.next as it is, or leave out cursor to begin at the first page.'],
  });
}

function scanChanged({ url }: PageOf): HttpError {
  const { pathname, search } = questionOf(url);
  return refuse(410, {
    code: 'SCAN_CHANGED',
    class: 'transient',
    message: 'there was another scan meanwhile, whose pages do not fit to those you have',
    remediation: [
      `Begin again at ${pathname}${search}.`,
      'Or ask for limit=all, which streams one scan at once.',
    ],
  });
}

/** A page as it is described in answers. */
export interface PageWire {
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly next: string | null;
}

export function pageWire({ limit, offset }: PageRequest, total: number, of: PageOf): PageWire {
  const end = limit === null ? total : offset + limit;
  const described = { total, limit: limit ?? total, offset };
  if (limit === null || end >= total) return { ...described, next: null };
  const next = questionOf(of.url);
  next.searchParams.set('limit', String(limit));
  next.searchParams.set('cursor', cursorOf(end, of));
  return { ...described, next: next.pathname + next.search };
}
