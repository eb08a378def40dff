import { type Manifest } from './manifests.ts';

/** One thing that was asked of a cluster, or may be, as in `list storage.k8s.io/storageclasses`. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Undefined for every namespace, and for what lies in none. */
  readonly namespace?: string;
  /** Undefined for every name. */
  readonly name?: string;
}

/** What a request to the API is in the words of RBAC; undefined for discovery, which is about no resource. */
export function accessOf({
  method,
  path,
}: {
  readonly method: string;
  readonly path: string;
}): Access | undefined {
  const url = new URL(path, 'http://cluster.invalid');
  const [, group = '', rest = ''] =
    /^\/(?:api|apis\/([^/]+))\/v\w+\/(.+)$/.exec(url.pathname) ?? [];
  if (rest === '') return undefined;
  const parts = rest.split('/');
  // A namespace is a resource too.
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts[1] : undefined;
  const [resource = '', name] = namespace === undefined ? parts : parts.slice(2);
  return {
    verb: verbOf(method, name, url.searchParams.get('watch') !== null),
    group,
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function verbOf(method: string, name: string | undefined, watches: boolean): string {
  if (method === 'GET' && name === undefined) return watches ? 'watch' : 'list';
  const verbs: Readonly<Record<string, string>> = {
    GET: 'get',
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: 'delete',
  };
  return verbs[method] ?? method;
}

/** Every right that roles grant, each by itself, with the namespaces of roles that have one. */
export function grantsOf(roles: readonly Manifest[]): readonly Access[] {
  return roles.flatMap(({ metadata: { namespace }, rules = [] }) =>
    rules.flatMap(({ apiGroups = [], resources = [], resourceNames = [undefined], verbs }) =>
      verbs.flatMap((verb) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) =>
            resourceNames.map((name) => ({
              verb,
              group,
              resource,
              ...(namespace !== undefined && { namespace }),
              ...(name !== undefined && { name }),
            })),
          ),
        ),
      ),
    ),
  );
}

export function isGranted(asked: Access, grant: Access): boolean {
  return (
    asked.verb === grant.verb &&
    asked.group === grant.group &&
    asked.resource === grant.resource &&
    (grant.namespace === undefined || grant.namespace === asked.namespace) &&
    (grant.name === undefined || grant.name === asked.name)
  );
}

/** What every authenticated user may, in every cluster: the role `system:basic-user`. */
export function isEverybodys({ group, resource }: Access): boolean {
  return /^(?:authentication|authorization)\.k8s\.io$/.test(group) && resource.startsWith('self');
}

/** Each once and in order, as a list to compare. */
export function linesOf(accesses: readonly Access[]): readonly string[] {
  const lines = accesses.map(({ verb, group, resource, namespace, name }) => {
    const where = namespace === undefined ? [] : [`in ${namespace}`];
    return [verb, `${group}/${resource}`, ...(name === undefined ? [] : [name]), ...where].join(
      ' ',
    );
  });
  return [...new Set(lines)].toSorted();
}
