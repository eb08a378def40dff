import {
  COMPLETE,
  failed,
  listed,
  notApplicable,
  partial,
  unlisted,
  type Listing,
} from '../../core/model/coverage.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type ApiAnswer } from './api-answer.ts';
import { type Connection } from './connection.ts';
import { isRecord } from './json.ts';
import {
  NAMES_KEPT,
  readPages,
  type ListResult,
  type Malformed,
  type ReadList,
} from './paged-list.ts';
import { type ListSpec } from './sources.ts';

/** Reads one list whole, or says in its coverage what is missing of it and why. Only an abort throws. */
export async function readListing<T>(
  connection: Connection,
  spec: ListSpec<T>,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Listing<T>> {
  try {
    const result = await readPath(connection, spec, pathOf(spec, spec.namespace), signal);
    if (result.kind === 'read') return wholeListing(connection, spec, result);
    if (await isMissingAddOn(connection, spec, result.answer, signal)) {
      return unlisted(notApplicable(`${named(connection)}: ${spec.resource} are not installed`));
    }
    if (result.answer.status === 403 && isWorthAsking(spec, namespaces)) {
      return await readNamespaces(connection, spec, namespaces, signal);
    }
    return unlisted(failed(`${named(connection)}: ${refusal(spec, result.answer)}`));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MonitorError) {
      return unlisted(failed(`${error.message} while it listed ${spec.resource}`));
    }
    throw error;
  }
}

async function readPath<T>(
  connection: Connection,
  spec: ListSpec<T>,
  path: string,
  signal: AbortSignal,
): Promise<ListResult<T>> {
  const { name } = connection.cluster;
  const decode = (item: unknown) => (isRecord(item) ? spec.decode(item, name) : undefined);
  const result = await readPages(connection, { path, query: spec.query }, decode, signal);
  return result.kind === 'read' && spec.keep !== undefined
    ? { ...result, items: spec.keep(result.items) }
    : result;
}

function pathOf<T>({ group, resource }: ListSpec<T>, namespace: string | undefined): string {
  return namespace === undefined
    ? `${group}/${resource}`
    : `${group}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
}

/** Whether single namespaces may allow what all of them together do not. */
function isWorthAsking<T>(spec: ListSpec<T>, namespaces: readonly string[]): boolean {
  return spec.namespaced && spec.namespace === undefined && namespaces.length > 0;
}

function named({ cluster }: Connection): string {
  return `cluster ${cluster.name}`;
}

function wholeListing<T>(
  connection: Connection,
  spec: ListSpec<T>,
  { items, malformed }: ReadList<T>,
): Listing<T> {
  if (malformed.count === 0) return listed(items, COMPLETE);
  const reason = `${named(connection)}: ${unreadable(spec, items, malformed)}`;
  return { ...listed(items, partial(reason)), unreadable: malformed.names };
}

function unreadable<T>(
  { resource }: ListSpec<T>,
  items: readonly T[],
  { count }: Malformed,
): string {
  return `${count} of ${items.length + count} ${resource} could not be read`;
}

/** The list over all namespaces is denied: what the named namespaces allow is part of it. */
async function readNamespaces<T>(
  connection: Connection,
  spec: ListSpec<T>,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Listing<T>> {
  const items: T[] = [];
  const read: string[] = [];
  const denied: string[] = [];
  const malformed: Malformed[] = [];
  for (const namespace of namespaces) {
    const result = await readPath(connection, spec, pathOf(spec, namespace), signal);
    if (result.kind === 'refused') {
      denied.push(`${namespace} (${result.answer.status})`);
      continue;
    }
    read.push(namespace);
    items.push(...result.items);
    malformed.push(result.malformed);
  }
  const everywhere = `${named(connection)}: may not list ${spec.resource} in all namespaces`;
  if (read.length === 0) {
    return unlisted(failed(`${everywhere}, nor in ${denied.join(', ')}`));
  }
  const reasons = [`${everywhere}, only in ${read.join(', ')}`];
  if (denied.length > 0) reasons.push(`not in ${denied.join(', ')}`);
  const setAside = together(malformed);
  if (setAside.count === 0) return listed(items, partial(reasons.join('; ')));
  reasons.push(unreadable(spec, items, setAside));
  return { ...listed(items, partial(reasons.join('; '))), unreadable: setAside.names };
}

function together(malformed: readonly Malformed[]): Malformed {
  return {
    count: malformed.reduce((sum, { count }) => sum + count, 0),
    names: malformed.flatMap(({ names }) => names).slice(0, NAMES_KEPT),
  };
}

/**
 * Whether an add-on's group is not installed at all. A group that is there, but not in this version or
 * without this resource, hides objects that exist, and is a failure. Whoever has no right to a group is denied it before
 * the server says that it does not know it; which groups there are, anybody may ask.
 */
async function isMissingAddOn<T>(
  connection: Connection,
  spec: ListSpec<T>,
  { status, body }: ApiAnswer,
  signal: AbortSignal,
): Promise<boolean> {
  if (!spec.addOn || !(status === 403 || (status === 404 && body === null))) return false;
  const group = spec.group.slice(0, spec.group.lastIndexOf('/'));
  const answer = await connection.get(group, signal);
  return answer.status === 404 && answer.body === null;
}

/** The server's own message is left out: it quotes what it was asked, and a proxy may quote more. */
function refusal<T>({ group, resource }: ListSpec<T>, { status, body }: ApiAnswer): string {
  if (status === 403) return `may not list ${resource}; grant the verb list on ${resource}`;
  if (body === null) return `the server does not know ${resource} in ${group}`;
  return `the server refused to list ${resource} (${status})`;
}
