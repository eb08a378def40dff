import { type Fields } from './json.ts';
import { type Lab } from './method.ts';
import { findMethod } from './dispatcher.ts';

/** What a REST path means: a method, and the id the path names. */
export interface Route {
  readonly method: string;
  readonly id: string | number | null;
}

/** The call a path that ends in a service stands for, by HTTP verb. */
const ON_SERVICE: Readonly<Record<string, readonly string[]>> = {
  GET: ['query', 'config'],
  POST: ['create'],
  PUT: ['update'],
};

const ON_ID: Readonly<Record<string, readonly string[]>> = {
  GET: ['get_instance'],
  PUT: ['update'],
  DELETE: ['delete'],
};

/** Services whose ids are text. */
const TEXT_IDS = new Set(['pool.dataset', 'zfs.snapshot', 'pool.snapshot']);

function parseId(service: string, text: string): string | number {
  return !TEXT_IDS.has(service) && /^\d+$/u.test(text) ? Number(text) : text;
}

function verbOf(lab: Lab, name: string): readonly string[] {
  const method = findMethod(lab, name);
  if (method === undefined) return [];
  return method.kind === 'query' || method.parameters.length === 0 ? ['GET'] : ['POST'];
}

/** Finds the method of a path; undefined where nothing is routed there. */
export function route(lab: Lab, verb: string, path: string): Route | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const at = parts.indexOf('id');
  if (at > 0) return routeId(lab, verb, parts, at);
  const service = parts.join('.');
  const onService = (ON_SERVICE[verb] ?? []).map((name) => `${service}.${name}`);
  const crud = onService.find((name) => findMethod(lab, name) !== undefined);
  if (crud !== undefined) return { method: crud, id: null };
  return verbOf(lab, service).includes(verb) ? { method: service, id: null } : undefined;
}

function routeId(lab: Lab, verb: string, parts: string[], at: number): Route | undefined {
  const service = parts.slice(0, at).join('.');
  const id = parseId(service, decodeURIComponent(parts[at + 1] ?? ''));
  const inner = parts.slice(at + 2);
  const names = inner.length > 0 && verb === 'POST' ? [inner.join('.')] : (ON_ID[verb] ?? []);
  const method = names
    .map((name) => `${service}.${name}`)
    .find((name) => findMethod(lab, name) !== undefined);
  return method === undefined ? undefined : { method, id };
}

const OPERATORS: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '!=',
  gt: '>',
  lt: '<',
  gte: '>=',
  lte: '<=',
  regex: '~',
};

function coerce(text: string): unknown {
  if (/^\d+$/u.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'null' ? null : text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type Reader = (value: string) => Fields;

/** Keys of a query string that are options; every other key is a field to filter by. */
const RESERVED: Readonly<Record<string, Reader>> = {
  limit: (value) => ({ limit: Number(value) }),
  offset: (value) => ({ offset: Number(value) }),
  count: (value) => ({ count: value === 'true' || value === '1' }),
  sort: (value) => ({ order_by: value.split(',') }),
  auth_token: () => ({}),
};

function filterOf(key: string, value: string): unknown[] {
  const [field = key, operator = 'eq'] = key.split('__', 2);
  return [field, OPERATORS[operator] ?? operator, coerce(value)];
}

/** Filters and options of a query string. */
export function queryOf(search: URLSearchParams): [filters: unknown[], options: Fields] {
  const filters: unknown[] = [];
  const options: Fields = {};
  const extra: Fields = {};
  for (const [key, value] of search) {
    const reserved = RESERVED[key];
    if (key.startsWith('extra.')) extra[key.slice(6)] = jsonOr(value);
    else if (reserved === undefined) filters.push(filterOf(key, value));
    else Object.assign(options, reserved(value));
  }
  if (Object.keys(extra).length > 0) options['extra'] = extra;
  return [filters, options];
}
