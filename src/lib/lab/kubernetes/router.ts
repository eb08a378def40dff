import { denial, isAllowed } from './access.ts';
import { discover, installed } from './discovery.ts';
import { type Exchange, isTrue, plainText, type Reply, type Target } from './exchange.ts';
import { list } from './list.ts';
import { remove } from './deletion.ts';
import { create, get, patch, update } from './mutations.ts';
import { isReview, type Resource, RESOURCES } from './resources.ts';
import { review } from './reviews.ts';
import { methodNotAllowed } from './status.ts';
import { watch } from './watch.ts';

/** What is not installed gets no Status: this plain text is how a client tells it from a missing object. */
export function pageNotFound(): Reply {
  return plainText(404, '404 page not found\n');
}

/** What a path names; undefined when nothing of that kind is installed. */
export function targetOf(exchange: Exchange, path: string): Target | undefined {
  return targetAmong(installed(exchange.lab.cluster), path);
}

function targetAmong(resources: readonly Resource[], path: string): Target | undefined {
  const [root, ...segments] = path.slice(1).split('/').map(decode);
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : (segments.shift() ?? '');
  const [version, ...rest] = segments;
  const served = resources.filter(
    (resource) => resource.group === group && resource.version === version,
  );
  if (rest.at(-1) === '' || (root === 'apis' && group === '')) return undefined;
  return namespacedTarget(served, rest) ?? plainTarget(served, rest);
}

/** `namespaces/<namespace>/<resource>[/<name>[/<subresource>]]`. */
function namespacedTarget(served: readonly Resource[], rest: string[]): Target | undefined {
  const [prefix, namespace = '', plural, name = '', subresource = '', ...more] = rest;
  if (prefix !== 'namespaces' || namespace === '' || more.length > 0) return undefined;
  const resource = served.find((known) => known.plural === plural && known.namespaced);
  return resource && { resource, namespace, name, subresource };
}

/** `<resource>[/<name>[/<subresource>]]`: of the cluster, or over all namespaces. */
function plainTarget(served: readonly Resource[], rest: string[]): Target | undefined {
  const [plural, name = '', subresource = '', ...more] = rest;
  const resource = served.find((known) => known.plural === plural);
  if (resource === undefined || more.length > 0) return undefined;
  if (resource.namespaced && name !== '') return undefined;
  return { resource, namespace: '', name, subresource };
}

/** Answers an authenticated request; undefined when the handler writes the answer itself. */
export async function route(
  exchange: Exchange,
  path: string,
  target: Target | undefined,
): Promise<Reply | undefined> {
  const { request } = exchange;
  if (target === undefined) {
    if (request.method !== 'GET') return pageNotFound();
    refuseUnknown(exchange, path);
    return discover(exchange, path) ?? pageNotFound();
  }
  if (!['', 'status'].includes(target.subresource)) return pageNotFound();
  if (!isReview(target.resource)) return act(exchange, target);
  if (request.method !== 'POST' || target.name !== '') throw methodNotAllowed();
  authorize(exchange, target, 'create');
  return review(exchange, target);
}

/** Rights are looked at first: whoever has none to a group does not learn this way that it is not installed. */
function refuseUnknown(exchange: Exchange, path: string): void {
  const target = targetAmong(RESOURCES, path);
  if (target !== undefined) authorize(exchange, target, verbOf(exchange, target));
}

function authorize({ lab }: Exchange, { resource, namespace, name }: Target, verb: Verb): void {
  // A namespace lies in itself: whoever may not list them all may yet get one.
  const scope = resource.plural === 'namespaces' ? name : namespace;
  if (!isAllowed(lab.cluster.forbidden, resource, scope, verb)) {
    throw denial(resource, verb, namespace, name);
  }
}

async function act(exchange: Exchange, target: Target): Promise<Reply | undefined> {
  const verb = verbOf(exchange, target);
  authorize(exchange, target, verb);
  return HANDLERS[verb](exchange, target);
}

type Handler = (exchange: Exchange, target: Target) => Reply | undefined | Promise<Reply>;

const HANDLERS = {
  get,
  list,
  watch,
  create,
  update,
  patch,
  delete: remove,
} as const satisfies Record<string, Handler>;

type Verb = keyof typeof HANDLERS;

const COLLECTION_VERBS: Readonly<Record<string, Verb>> = { GET: 'list', POST: 'create' };

const OBJECT_VERBS: Readonly<Record<string, Verb>> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function verbOf({ request, query }: Exchange, { resource, namespace, name }: Target): Verb {
  const verb = (name === '' ? COLLECTION_VERBS : OBJECT_VERBS)[request.method ?? ''];
  if (verb === undefined) throw methodNotAllowed();
  if (verb === 'create' && resource.namespaced && namespace === '') throw methodNotAllowed();
  return verb === 'list' && isTrue(query, 'watch') ? 'watch' : verb;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
