import { isRecord, type JsonRecord } from './json.ts';
import { badRequest, StatusError, unsupportedMediaType } from './status.ts';

type Patcher = (document: unknown, patch: unknown) => unknown;

/**
 * By content type. Strategic merge differs from merge only for lists with a merge key, none of which anything here
 * patches, so the two are one.
 */
const PATCHERS: Readonly<Record<string, Patcher>> = {
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': mergePatch,
  'application/json-patch+json': jsonPatch,
};

export function patcherFor(contentType: string | undefined): Patcher {
  const type = (contentType ?? '').split(';')[0]?.trim() ?? '';
  const patcher = PATCHERS[type];
  if (patcher === undefined) throw unsupportedMediaType(Object.keys(PATCHERS));
  return patcher;
}

/** RFC 7386. */
function mergePatch(document: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: JsonRecord = isRecord(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** RFC 6902. */
function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
  return patch.reduce<unknown>(applyOperation, document);
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isRecord(operation)) throw badRequest('an operation of a JSON patch is an object');
  const { op, path, from, value } = operation;
  const target = pointer(path);
  switch (op) {
    case 'add':
      return changed(document, target, { kind: 'add', value });
    case 'replace':
      read(document, target);
      return changed(document, target, { kind: 'set', value });
    case 'remove':
      read(document, target);
      return changed(document, target, { kind: 'remove' });
    case 'test':
      if (!sameJson(read(document, target), value))
        throw failed(`test failed: ${target.join('/')}`);
      return document;
    case 'copy':
      return changed(document, target, { kind: 'add', value: read(document, pointer(from)) });
    case 'move': {
      const moved = read(document, pointer(from));
      const without = changed(document, pointer(from), { kind: 'remove' });
      return changed(without, target, { kind: 'add', value: moved });
    }
    default:
      throw badRequest(`unknown operation of a JSON patch: ${String(op)}`);
  }
}

type Edit = { readonly kind: 'add' | 'set'; readonly value: unknown } | { readonly kind: 'remove' };

/** A copy of the document with the edit made at the path. */
function changed(document: unknown, path: readonly string[], edit: Edit): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return edit.kind === 'remove' ? null : edit.value;
  if (Array.isArray(document)) return changedList(document, key, rest, edit);
  if (!isRecord(document)) throw failed(`missing path: ${key}`);
  const copy: JsonRecord = { ...document };
  if (rest.length > 0) copy[key] = changed(copy[key], rest, edit);
  else if (edit.kind === 'remove') Reflect.deleteProperty(copy, key);
  else copy[key] = edit.value;
  return copy;
}

function changedList(
  list: readonly unknown[],
  key: string,
  rest: readonly string[],
  edit: Edit,
): unknown[] {
  const index = key === '-' ? list.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > list.length) {
    throw failed(`index out of bounds: ${key}`);
  }
  if (rest.length > 0) return list.with(index, changed(list[index], rest, edit));
  if (edit.kind === 'remove') return list.toSpliced(index, 1);
  return edit.kind === 'add' ? list.toSpliced(index, 0, edit.value) : list.with(index, edit.value);
}

function read(document: unknown, path: readonly string[]): unknown {
  let current: unknown = document;
  for (const key of path) {
    if (Array.isArray(current)) current = current[Number(key)];
    else current = isRecord(current) ? current[key] : undefined;
    if (current === undefined) throw failed(`missing path: ${path.join('/')}`);
  }
  return current;
}

function pointer(path: unknown): string[] {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) {
    throw badRequest(`not a JSON pointer: ${String(path)}`);
  }
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => sameJson(element, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameJson(a[key], b[key]));
}

function failed(message: string): Error {
  return new StatusError(422, 'Invalid', `the server rejected our request: ${message}`);
}
