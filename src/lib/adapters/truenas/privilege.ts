import { globMatcher } from '../../core/model/glob.ts';
import { isRow } from './decode-values.ts';

/** Roles as `auth.me` tells them, those that follow from others included; null where it does not. */
export function rolesOf(privilege: unknown): readonly string[] | null {
  const roles = isRow(privilege) ? privilege['roles'] : undefined;
  // A set of Python travels as an object.
  const list = isRow(roles) ? roles['$set'] : roles;
  if (!Array.isArray(list)) return null;
  return (list as readonly unknown[]).filter((role) => typeof role === 'string');
}

/** Tells of a method whether the user may call it. */
type MayCall = (method: string) => boolean;

/**
 * What a privilege lets a user call: TrueNAS decides each call by this list, into which it has put what the roles stand for.
 * Undefined where the list says nothing.
 */
export function grantsOf(privilege: unknown): MayCall | undefined {
  const list = isRow(privilege) ? privilege['allowlist'] : undefined;
  if (!Array.isArray(list) || list.length === 0) {
    return rolesOf(privilege)?.includes('FULL_ADMIN') === true ? () => true : undefined;
  }
  const resources = (list as readonly unknown[]).flatMap(callableIn);
  // Some 500 names, and hardly a pattern.
  const names = new Set(resources);
  const patterns = resources.filter((resource) => resource.includes('*')).map(globMatcher);
  return (method) => names.has(method) || patterns.some((covers) => covers(method));
}

function callableIn(entry: unknown): readonly string[] {
  if (!isRow(entry)) return [];
  const { method, resource } = entry;
  const isCall = method === 'CALL' || method === '*';
  return isCall && typeof resource === 'string' ? [resource] : [];
}
