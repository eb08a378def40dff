import { type Resource } from './resources.ts';
import { forbidden, type StatusError } from './status.ts';

export const USER = {
  username: 'system:serviceaccount:truenas-monitor:truenas-monitor',
  uid: '5b9f2f0e-6d0f-4a7b-9c65-1f2d3c4b5a69',
  groups: [
    'system:serviceaccounts',
    'system:serviceaccounts:truenas-monitor',
    'system:authenticated',
  ],
} as const;

/**
 * Whether the lab's user may do something to a resource. `name` in the list denies everything, `name@namespace` one namespace, and
 * `name@*` whatever goes over all namespaces; with `delete:` in front of any of these, it denies that verb alone.
 */
export function isAllowed(
  denied: readonly string[] | undefined,
  { plural }: Pick<Resource, 'plural'>,
  namespace: string,
  verb: string,
): boolean {
  if (denied === undefined) return true;
  const scoped = `${plural}@${namespace === '' ? '*' : namespace}`;
  const names = [plural, scoped];
  return !names.some((name) => denied.includes(name) || denied.includes(`${verb}:${name}`));
}

export function denial(
  resource: Resource,
  verb: string,
  namespace: string,
  name: string,
): StatusError {
  const scope =
    namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const what = `resource "${resource.plural}" in API group "${resource.group}"`;
  return forbidden(resource, name, `User "${USER.username}" cannot ${verb} ${what} ${scope}`);
}
