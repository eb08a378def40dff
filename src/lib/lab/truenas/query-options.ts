import { MatchNotFound, invalid } from './errors.ts';
import { compileFilters, splitPath, valuesAt } from './filter-list.ts';
import { type Fields, isFields } from './json.ts';

const MAX_LIMIT = 10_000;

export interface QueryOptions {
  readonly extra: Fields;
  readonly orderBy: readonly string[];
  /** Dotted paths, or a path with its alias. */
  readonly select: readonly (string | readonly [string, string])[];
  readonly count: boolean;
  readonly get: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface Query {
  readonly filters: readonly unknown[];
  readonly options: QueryOptions;
}

const wrong = (name: string, message: string): Error => invalid(`options.${name}`, message);

function whole(fields: Fields, name: string): number {
  const value = fields[name] ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw wrong(name, 'Input should be a valid integer');
  }
  return value;
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw wrong(name, 'Input should be a valid boolean');
  return value;
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw wrong(name, 'Input should be a valid list');
  return value;
}

function parseSelect(fields: Fields): QueryOptions['select'] {
  return list(fields, 'select').map((item) => {
    if (typeof item === 'string') return item;
    const [path, alias] = Array.isArray(item) ? (item as unknown[]) : [];
    if (typeof path !== 'string' || typeof alias !== 'string') {
      throw wrong('select', 'Input should be a valid string');
    }
    return [path, alias] as const;
  });
}

/** Reads the options of a query. @param known the keys that are accepted; null accepts any */
export function parseOptions(value: unknown, known: readonly string[] | null): QueryOptions {
  const fields = value ?? {};
  if (!isFields(fields)) throw invalid('options', 'Input should be a valid dictionary');
  const stranger = Object.keys(fields).find((key) => known !== null && !known.includes(key));
  if (stranger !== undefined) throw wrong(stranger, 'Extra inputs are not permitted');
  const extra = fields['extra'] ?? {};
  if (!isFields(extra)) throw wrong('extra', 'Input should be a valid dictionary');
  const options: QueryOptions = {
    extra,
    orderBy: list(fields, 'order_by').filter((item) => typeof item === 'string'),
    select: parseSelect(fields),
    count: flag(fields, 'count'),
    get: flag(fields, 'get'),
    offset: whole(fields, 'offset'),
    limit: whole(fields, 'limit'),
  };
  if (options.limit > MAX_LIMIT) {
    throw wrong('limit', `Input should be less than or equal to ${MAX_LIMIT}`);
  }
  if (options.get && (options.offset > 0 || options.limit > 1)) {
    throw wrong('get', '`get` cannot be used with `offset` or a `limit` above 1');
  }
  return options;
}

/** Puts the selected paths into a new entry, nested as they were. */
function project(entry: unknown, select: QueryOptions['select']): Fields {
  const projected: Fields = {};
  for (const item of select) {
    const [path, alias] = typeof item === 'string' ? [item, undefined] : item;
    const names = splitPath(path);
    const [value] = valuesAt(entry, names);
    if (value === undefined) continue;
    if (alias !== undefined) {
      projected[alias] = value;
      continue;
    }
    let target = projected;
    for (const name of names.slice(0, -1)) {
      const inner = target[name];
      // Never written into what was selected whole before: that is the entry itself.
      const copy: Fields = isFields(inner) ? { ...inner } : {};
      target[name] = copy;
      target = copy;
    }
    target[names.at(-1) ?? ''] = value;
  }
  return projected;
}

type Compare = (a: unknown, b: unknown) => number;

function rank(value: unknown, nullsFirst: boolean): number {
  if (value !== null && value !== undefined) return 1;
  return nullsFirst ? 0 : 2;
}

function orderOf(spec: string): Compare {
  const nulls = /^nulls_(first|last):/u.exec(spec);
  const rest = spec.slice(nulls?.[0].length ?? 0);
  const sign = rest.startsWith('-') ? -1 : 1;
  const path = splitPath(rest.replace(/^-/u, ''));
  const nullsFirst = nulls === null ? sign > 0 : nulls[1] === 'first';
  return (a, b) => {
    const [left] = valuesAt(a, path);
    const [right] = valuesAt(b, path);
    const byNull = rank(left, nullsFirst) - rank(right, nullsFirst);
    if (byNull !== 0 || left === right) return byNull;
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * (String(left) < String(right) ? -1 : 1);
  };
}

function sorted(entries: readonly unknown[], orderBy: readonly string[]): readonly unknown[] {
  if (orderBy.length === 0) return entries;
  const orders = orderBy.map(orderOf);
  return [...entries].sort((a, b) => {
    for (const order of orders) {
      const result = order(a, b);
      if (result !== 0) return result;
    }
    return 0;
  });
}

/** Filters, orders and cuts entries as `*.query` does. */
export function filterList(entries: readonly unknown[], { filters, options }: Query): unknown {
  const holds = compileFilters(filters);
  return finish(filters.length === 0 ? entries : entries.filter(holds), options);
}

/** The part of a query that comes after the filters. */
export function finish(entries: readonly unknown[], options: QueryOptions): unknown {
  if (options.count) return entries.length;
  const ordered = sorted(entries, options.orderBy);
  const projectOne = (entry: unknown): unknown =>
    options.select.length === 0 ? entry : project(entry, options.select);
  if (options.get) {
    if (ordered.length === 0) throw new MatchNotFound();
    return projectOne(ordered[0]);
  }
  const end = options.limit === 0 ? ordered.length : options.offset + options.limit;
  return ordered.slice(options.offset, end).map(projectOne);
}

/** Whether a query can see a field: selected, filtered or ordered by. */
export function mentions({ filters, options }: Query, field: string): boolean {
  if (options.select.length === 0) return true;
  return JSON.stringify([filters, options.select, options.orderBy]).includes(`"${field}`);
}
