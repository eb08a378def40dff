import { denial, isAllowed } from './access.ts';
import { discover, installed } from './discovery.ts';
import { type Exchange, isTrue, plainText, type Reply, type Target } from './exchange.ts';
import { list } from './list.ts';
import { create, get, patch, remove, update } from './mutations.ts';
import { isReview, type Resource } from './resources.ts';
import { review } from './reviews.ts';
import { forbidden, methodNotAllowed } from './status.ts';
import { watch } from './watch.ts';

/** What is not installed gets no Status: this plain text is how a client tells it from a missing object. */
export function pageNotFound(): Reply {
  return plainText(404, '404 page not found\n');
}

/** What a path names; undefined when nothing of that kind is installed. */
export function targetOf(exchange: Exchange, path: string): Target | undefined {
  const [root, ...segments] = path.slice(1).split('/').map(decode);
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : (segments.shift() ?? '');
  const [version, ...rest] = segments;
  const served = installed(exchange.lab.cluster).filter(
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
  const { lab, request } = exchange;
  if (target === undefined) {
    const found = request.method === 'GET' ? discover(exchange, path) : undefined;
    return found ?? pageNotFound();
  }
  const { resource, namespace, name, subresource } = target;
  if (subresource !== '' && subresource !== 'status') return pageNotFound();
  if (isReview(resource)) {
    if (request.method !== 'POST' || name !== '') throw methodNotAllowed();
    return review(exchange, target);
  }
  const verb = verbOf(exchange, target);
  if (!isAllowed(lab.cluster.forbidden, resource, namespace)) {
    throw denial(resource, verb, namespace, name);
  }
  return act(exchange, target, verb);
}

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

async function act(exchange: Exchange, target: Target, verb: Verb): Promise<Reply | undefined> {
  switch (verb) {
    case 'get':
      return get(exchange, target);
    case 'list':
      return list(exchange, target);
    case 'watch':
      watch(exchange, target);
      return undefined;
    case 'create':
      if (target.resource.namespaced && target.namespace === '') throw methodNotAllowed();
      return create(exchange, target);
    case 'update':
      return update(exchange, target);
    case 'patch':
      return patch(exchange, target);
    case 'delete':
      if (target.resource.plural === 'namespaces' && target.name === 'kube-system') {
        throw forbidden(target.resource, target.name, 'this namespace may not be deleted');
      }
      return remove(exchange, target);
  }
}

function verbOf({ request, query }: Exchange, { name }: Target): Verb {
  const single = name !== '';
  switch (request.method) {
    case 'GET':
      if (single) return 'get';
      return isTrue(query, 'watch') ? 'watch' : 'list';
    case 'POST':
      if (!single) return 'create';
      break;
    case 'PUT':
      if (single) return 'update';
      break;
    case 'PATCH':
      if (single) return 'patch';
      break;
    case 'DELETE':
      if (single) return 'delete';
  }
  throw methodNotAllowed();
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
