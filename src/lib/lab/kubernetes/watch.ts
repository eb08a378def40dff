import { type Entry } from './entry.ts';
import { type Exchange, isTrue, type Target } from './exchange.ts';
import { countDown } from './faults.ts';
import { revisionOf } from './list.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { type Matches, selectorOf } from './selectors.ts';
import { expired, invalid, versionTooLarge } from './status.ts';
import { type Change } from './store.ts';
import { tableText, wantsTable } from './table.ts';

/** As often as a real server sends one. */
const BOOKMARK_MS = 60_000;

/** A watch that names no time-out ends by itself, as on a real server. */
const DEFAULT_TIMEOUT_SECONDS = 1800;

/** Answers a watch: it writes to the response until the client leaves, the time is up, or the lab closes. */
export function watch(exchange: Exchange, { resource, namespace }: Target): undefined {
  const { lab, query, response } = exchange;
  const matches = watched(resource, namespace, selectorOf(resource, query));
  const start = startOf(exchange, resource);
  const send = (type: string, object: string): void => {
    response.write(`{"type":"${type}","object":${object}}\n`);
  };
  const textOf = renderer(exchange, resource);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  if (start === 'expired') {
    const status = expired('too old resource version: it was compacted');
    send('ERROR', JSON.stringify(status.body()));
    response.end();
    return;
  }
  const current = lab.store.entries(resource);
  const forward = (change: Change): void => {
    if (change.resource !== resource) return;
    const event = eventOf(change, matches);
    if (event !== undefined) send(event.type, textOf(event.entry));
  };
  if (start === 'present') {
    for (const entry of current) if (matches(entry)) send('ADDED', textOf(entry));
  } else {
    lab.store.changesSince(resource, start).forEach(forward);
  }
  const unsubscribe = lab.store.subscribe(forward);
  response.once('close', unsubscribe);
  attendTo(exchange, (annotations) => {
    lab.store.entries(resource);
    send('BOOKMARK', bookmarkText(resource, lab.store.revision, annotations));
  });
}

/** Sends the bookmarks that were asked for, and ends the watch in time. */
function attendTo(
  { query, response }: Exchange,
  bookmark: (annotations?: Record<string, string>) => void,
): void {
  if (isTrue(query, 'sendInitialEvents')) bookmark({ 'k8s.io/initial-events-end': 'true' });
  const wantsBookmarks = isTrue(query, 'allowWatchBookmarks');
  const heartbeat = setInterval(() => {
    if (wantsBookmarks) bookmark();
  }, BOOKMARK_MS);
  const timeout = setTimeout(() => {
    if (wantsBookmarks) bookmark();
    response.end();
  }, timeoutMs(query));
  response.once('close', () => {
    clearInterval(heartbeat);
    clearTimeout(timeout);
  });
}

/** Where the watch starts: after a revision, with everything that exists, or nowhere because it is compacted. */
function startOf({ lab, query }: Exchange, resource: Resource): number | 'present' | 'expired' {
  const asked = revisionOf(query);
  lab.store.entries(resource);
  if (isTrue(query, 'sendInitialEvents')) {
    if (query.get('resourceVersionMatch') === 'NotOlderThan') return 'present';
    const rule = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    throw invalid(resource, '', 'resourceVersionMatch', rule);
  }
  if (countDown(lab.faults, 'expireWatches')) return 'expired';
  if (asked === 0) return 'present';
  if (asked > lab.store.revision) throw versionTooLarge(asked, lab.store.revision);
  return asked < lab.store.compacted ? 'expired' : asked;
}

function watched(
  resource: Resource,
  namespace: string,
  selector: Matches | undefined,
): (entry: Entry) => boolean {
  return ({ object }) =>
    (namespace === '' || !resource.namespaced || object.metadata.namespace === namespace) &&
    (selector === undefined || selector(object));
}

/** To a selector, an object that begins or ceases to match is added or deleted. */
function eventOf(
  { before, after }: Change,
  matches: (entry: Entry) => boolean,
): { type: string; entry: Entry } | undefined {
  const was = before !== undefined && matches(before) ? before : undefined;
  const is = after !== undefined && matches(after) ? after : undefined;
  if (is !== undefined) return { type: was === undefined ? 'ADDED' : 'MODIFIED', entry: is };
  if (was === undefined) return undefined;
  const version = after?.object.metadata.resourceVersion;
  return { type: 'DELETED', entry: version === undefined ? was : was.withVersion(version) };
}

function renderer(exchange: Exchange, resource: Resource): (entry: Entry) => string {
  if (!wantsTable(exchange.request)) return (entry) => entry.text;
  return (entry) => {
    const { resourceVersion } = entry.object.metadata;
    return tableText(exchange, resource, entry, { resourceVersion });
  };
}

function bookmarkText(
  resource: Resource,
  revision: number,
  annotations: Record<string, string> | undefined,
): string {
  return JSON.stringify({
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: {
      resourceVersion: String(revision),
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    },
  });
}

function timeoutMs(query: URLSearchParams): number {
  const seconds = Number(query.get('timeoutSeconds') ?? '0');
  return (seconds > 0 ? Math.min(seconds, 86_400) : DEFAULT_TIMEOUT_SECONDS) * 1000;
}
