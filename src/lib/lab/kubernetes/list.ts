import { type Entry } from './entry.ts';
import { type Exchange, type LabState, type Reply, type Target } from './exchange.ts';
import { countDown } from './faults.ts';
import {
  decodePosition,
  encodePosition,
  INCONSISTENT,
  type Position,
  tokenExpired,
} from './list-snapshots.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { type Matches, selectorOf } from './selectors.ts';
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
  const position = positionOf(lab, query);
  const { entries, revision } =
    position === undefined
      ? startOf(lab, resource, query)
      : continuationOf(lab, resource, position);
  const [from, to] = rangeOf(entries, namespace, position);
  const { picked, end } = pick(entries, from, to, limit, matches);
  const last = entries[end - 1];
  if (end >= to || last === undefined) {
    return { entries: picked, revision, next: undefined, remaining: undefined };
  }
  lab.snapshots.keep(resource, revision, entries);
  return {
    entries: picked,
    revision,
    next: encodePosition({ revision, after: last.key, page: (position?.page ?? 1) + 1 }),
    remaining: matches === undefined ? to - end : undefined,
  };
}

/** Up to `limit` entries that match, and the index after the last one looked at. */
function pick(
  entries: readonly Entry[],
  from: number,
  to: number,
  limit: number,
  matches: Matches | undefined,
): { picked: readonly Entry[]; end: number } {
  if (matches === undefined) {
    const end = limit === 0 ? to : Math.min(to, from + limit);
    return { picked: entries.slice(from, end), end };
  }
  const picked: Entry[] = [];
  let end = from;
  for (const entry of entries.slice(from, to)) {
    if (limit !== 0 && picked.length === limit) break;
    if (matches(entry.object)) picked.push(entry);
    end += 1;
  }
  return { picked, end };
}

function limitOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? '';
  if (text === '') return 0;
  if (!/^\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

/** Where the continue token of the request points; undefined for a first page. */
function positionOf({ faults }: LabState, query: URLSearchParams): Position | undefined {
  const token = query.get('continue') ?? '';
  if (token === '') return undefined;
  const position = decodePosition(token);
  if (!['', '0'].includes(query.get('resourceVersion') ?? '')) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (countDown(faults, 'expireTokens')) throw tokenExpired(position);
  return position;
}

interface Version {
  readonly entries: readonly Entry[];
  readonly revision: number;
}

function continuationOf(
  { store, snapshots }: LabState,
  resource: Resource,
  position: Position,
): Version {
  if (position.revision === INCONSISTENT) {
    const entries = store.entries(resource);
    return { entries, revision: store.revision };
  }
  const entries = snapshots.find(resource, position.revision);
  if (entries === undefined) throw tokenExpired(position);
  return { entries, revision: position.revision };
}

/** The objects as of the version that a first page asks for. */
function startOf(
  { store, snapshots }: LabState,
  resource: Resource,
  query: URLSearchParams,
): Version {
  const current = store.entries(resource);
  const asked = revisionOf(query);
  if (asked > store.revision) throw versionTooLarge(asked, store.revision);
  if (query.get('resourceVersionMatch') !== 'Exact' || asked === store.revision) {
    return { entries: current, revision: store.revision };
  }
  const entries = snapshots.find(resource, asked);
  if (entries === undefined) throw expired('The resourceVersion for the provided list is too old.');
  return { entries, revision: asked };
}

/** The version a list or a watch names; 0 where it names none. */
export function revisionOf(query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(text))
    throw badRequest(`Invalid value: ${JSON.stringify(text)}: resourceVersion`);
  return Number(text);
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
