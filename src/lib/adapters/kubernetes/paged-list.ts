import { ClusterProtocolError, ClusterUnreachableError } from '../../core/model/errors.ts';
import { isAnyList } from '../http/long-json.ts';
import { type ApiAnswer } from './api-answer.ts';
import { type Connection } from './connection.ts';
import { protocolFailure } from './failures.ts';
import { isRecord, recordAt, textAt } from './json.ts';

/** As kubectl does: large enough to be few requests, small enough for the server to like. */
const PAGE_SIZE = 500;

export interface ReadList<T> {
  readonly kind: 'read';
  readonly items: readonly T[];
  /** Items that are not in `items` because they could not be read. */
  readonly malformed: Malformed;
}

export interface Malformed {
  readonly count: number;
  /** The first of them: their names, or their places in the list where they have none. */
  readonly names: readonly string[];
}

/** More names than this help nobody find the fault. */
export const NAMES_KEPT = 20;

/** Where a list is, and what the server is to leave out of it. */
export interface ListPath {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
}

/** A list, or the answer with which the server refused it. */
export type ListResult<T> = ReadList<T> | { readonly kind: 'refused'; readonly answer: ApiAnswer };

/** The list broke off in a way that a fresh one may not. */
class BrokenOff extends Error {
  override readonly cause: Error;

  constructor(cause: Error) {
    super('the list broke off', { cause });
    this.cause = cause;
  }
}

/**
 * Reads a list page by page. Where it breaks off in the middle it is read once more from the start: pages
 * of two lists do not fit together, so what was read is thrown away.
 */
export async function readPages<T>(
  connection: Connection,
  path: ListPath,
  decode: (item: unknown) => T | undefined,
  signal: AbortSignal,
): Promise<ListResult<T>> {
  try {
    return await readOnce(connection, path, decode, signal);
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
  }
  try {
    return await readOnce(connection, path, decode, signal);
  } catch (error) {
    throw error instanceof BrokenOff ? error.cause : error;
  }
}

async function readOnce<T>(
  connection: Connection,
  path: ListPath,
  decode: (item: unknown) => T | undefined,
  signal: AbortSignal,
): Promise<ListResult<T>> {
  const items: T[] = [];
  let malformed = 0;
  const names: string[] = [];
  let first: Page | undefined;
  let token: string | null = null;
  do {
    const page = await readPage(connection, path, token, signal);
    if ('answer' in page) return page;
    first ??= page;
    checkFits(connection, first, page, token);
    for (const item of parsedOf(connection, page)) {
      const decoded = decode(item);
      if (decoded === undefined) {
        malformed += 1;
        if (names.length < NAMES_KEPT) names.push(nameOf(item, items.length + malformed));
      } else {
        items.push(decoded);
      }
    }
    token = page.token;
  } while (token !== null);
  return { kind: 'read', items, malformed: { count: malformed, names } };
}

function nameOf(item: unknown, position: number): string {
  const metadata = isRecord(item) ? recordAt(item, 'metadata') : {};
  const name = textAt(metadata, 'name');
  const namespace = textAt(metadata, 'namespace');
  if (name === null) return `item ${position}`;
  return namespace === null ? name : `${namespace}/${name}`;
}

/** A page that is no JSON somewhere in its middle: what is missing of it, nobody knows. */
function* parsedOf({ cluster }: Connection, { items }: Page): Iterable<unknown> {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw protocolFailure(cluster, 'answered with a list that is no JSON');
  }
}

interface Page {
  readonly items: Iterable<unknown>;
  readonly token: string | null;
  readonly resourceVersion: string | null;
}

type Refused = Extract<ListResult<never>, { kind: 'refused' }>;

async function readPage(
  connection: Connection,
  { path, query: selected }: ListPath,
  token: string | null,
  signal: AbortSignal,
): Promise<Page | Refused> {
  const query = new URLSearchParams({ ...selected, limit: String(PAGE_SIZE) });
  if (token !== null) query.set('continue', token);
  try {
    const answer = await connection.get(`${path}?${query.toString()}`, signal);
    if (answer.status === 410) throw expired(connection);
    return answer.status === 200 ? parsePage(connection, answer) : { kind: 'refused', answer };
  } catch (error) {
    const midList = token !== null;
    throw midList && isWorthAFreshStart(error) ? new BrokenOff(error) : error;
  }
}

function isWorthAFreshStart(error: unknown): error is Error {
  return error instanceof ClusterUnreachableError || error instanceof ClusterProtocolError;
}

function expired({ cluster }: Connection): BrokenOff {
  return new BrokenOff(
    protocolFailure(cluster, 'gave up the list twice before it was read whole (410 Expired)'),
  );
}

function parsePage({ cluster }: Connection, { body }: ApiAnswer): Page {
  // Go writes an empty list as null here and there.
  const items = body?.['items'] === null ? [] : body?.['items'];
  if (body === null || !isRecord(body['metadata']) || !isAnyList(items)) {
    throw protocolFailure(cluster, 'answered with something that is no list');
  }
  const metadata = recordAt(body, 'metadata');
  const token = textAt(metadata, 'continue');
  const remaining = metadata['remainingItemCount'];
  if (token === null && typeof remaining === 'number' && remaining > 0) {
    throw protocolFailure(cluster, `ended a list ${remaining} items early`);
  }
  return { items, token, resourceVersion: textAt(metadata, 'resourceVersion') };
}

/** Pages of one list show one instant and go forward; anything else is no list at all. */
function checkFits({ cluster }: Connection, first: Page, page: Page, sent: string | null): void {
  if (page.resourceVersion !== first.resourceVersion) {
    throw new BrokenOff(protocolFailure(cluster, 'changed the list while it was being read'));
  }
  if (page.token !== null && page.token === sent) {
    throw new BrokenOff(protocolFailure(cluster, 'gave the same page of a list twice'));
  }
}
