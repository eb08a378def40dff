import { type Entry } from './entry.ts';
import { type Exchange, type Reply, type Target } from './exchange.ts';
import { countDown } from './faults.ts';
import {
  decodePosition,
  encodePosition,
  INCONSISTENT,
  type Position,
  tokenExpired,
} from './list-snapshots.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { selectorOf } from './selectors.ts';
import { badRequest, expired, versionTooLarge } from './status.ts';
import { firstAtOrAfter } from './store.ts';
import { tableOf, wantsTable } from './table.ts';

interface Page {
  readonly entries: readonly Entry[];
  readonly revision: number;
  /** Token of the next page. */
  readonly next: string | undefined;
  /** Unknown where a selector is given, as on a real server. */
  readonly remaining: number | undefined;
}

/** Items written at once: large enough to be quick, small enough not to build a second copy of a long list. */
const CHUNK = 500;

export function list(exchange: Exchange, { resource, namespace }: Target): Reply {
  const page = pageOf(exchange, resource, namespace);
  const metadata = {
    resourceVersion: String(page.revision),
    ...(page.next === undefined ? {} : { continue: page.next }),
    ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
  if (wantsTable(exchange.request)) return tableOf(exchange, resource, page.entries, metadata);
  return {
    status: 200,
    contentType: 'application/json',
    headers: {},
    chunks: listText(resource, JSON.stringify(metadata), page.entries),
  };
}

/** The number of the page a request asks for, for the faults that strike one page. */
export function pageNumber(query: URLSearchParams): number {
  const token = query.get('continue') ?? '';
  if (token === '') return 1;
  try {
    return decodePosition(token).page;
  } catch {
    return 0;
  }
}

function* listText(resource: Resource, metadata: string, entries: readonly Entry[]) {
  yield `{"kind":"${resource.kind}List","apiVersion":"${apiVersionOf(resource)}","metadata":${metadata},"items":[`;
  for (let start = 0; start < entries.length; start += CHUNK) {
    const texts = entries.slice(start, start + CHUNK).map((entry) => entry.itemText);
    yield (start === 0 ? '' : ',') + texts.join(',');
  }
  yield ']}\n';
}

function pageOf({ lab, query }: Exchange, resource: Resource, namespace: string): Page {
  const limit = limitOf(query);
  const matches = selectorOf(resource, query);
  const token = query.get('continue') ?? '';
  const position = token === '' ? undefined : decodePosition(token);
  if (position !== undefined && !['', '0', null].includes(query.get('resourceVersion'))) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (position !== undefined && countDown(lab.faults, 'expireTokens')) {
    throw tokenExpired(position);
  }
  const { entries, revision } = versionOf(lab, resource, query, position);
  const [from, to] = rangeOf(entries, namespace, position);
  const picked: Entry[] = [];
  let index = from;
  for (; index < to && (limit === 0 || picked.length < limit); index += 1) {
    const entry = entries[index];
    if (entry !== undefined && (matches === undefined || matches(entry.object))) picked.push(entry);
  }
  const last = entries[index - 1];
  if (index >= to || last === undefined) {
    return { entries: picked, revision, next: undefined, remaining: undefined };
  }
  lab.snapshots.keep(resource, revision, entries);
  return {
    entries: picked,
    revision,
    next: encodePosition({ revision, after: last.key, page: (position?.page ?? 1) + 1 }),
    remaining: matches === undefined ? to - index : undefined,
  };
}

function limitOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? '';
  if (text === '') return 0;
  if (!/^\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

/** The objects as of the version that is asked for. */
function versionOf(
  { store, snapshots }: Exchange['lab'],
  resource: Resource,
  query: URLSearchParams,
  position: Position | undefined,
): { entries: readonly Entry[]; revision: number } {
  const current = store.entries(resource);
  const present = { entries: current, revision: store.revision };
  if (position !== undefined) {
    if (position.revision === INCONSISTENT) return present;
    const entries = snapshots.find(resource, position.revision);
    if (entries === undefined) throw tokenExpired(position);
    return { entries, revision: position.revision };
  }
  const asked = Number(query.get('resourceVersion') ?? '0');
  if (!Number.isSafeInteger(asked) || asked < 0) {
    throw badRequest(`Invalid resource version: ${query.get('resourceVersion') ?? ''}`);
  }
  if (asked > present.revision) throw versionTooLarge(asked, present.revision);
  if (query.get('resourceVersionMatch') !== 'Exact' || asked === present.revision) return present;
  const entries = snapshots.find(resource, asked);
  if (entries === undefined) throw expired(`The resourceVersion for the provided list is too old.`);
  return { entries, revision: asked };
}

/** Keys sort by namespace first, so a namespace is one range; `0` follows `/`. */
function rangeOf(
  entries: readonly Entry[],
  namespace: string,
  position: Position | undefined,
): [from: number, to: number] {
  const everything = namespace === '';
  const first = everything ? 0 : firstAtOrAfter(entries, `${namespace}/`);
  const to = everything ? entries.length : firstAtOrAfter(entries, `${namespace}0`);
  if (position === undefined) return [first, to];
  return [Math.max(first, firstAtOrAfter(entries, `${position.after}\u0000`)), to];
}
