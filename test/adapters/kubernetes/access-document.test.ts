import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { LIST_SPECS } from '../../../src/lib/adapters/kubernetes/sources.ts';

interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules: readonly RoleRule[];
}

const page = readFileSync(
  path.join(import.meta.dirname, '../../../docs/kubernetes-access.md'),
  'utf8',
);
const roles = [...page.matchAll(/```yaml\n(.*?)```/gs)]
  .flatMap(([, manifest = '']) => parseAllDocuments(manifest))
  .map((document) => document.toJS() as Role)
  .filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role');

/** Every right as one line, such as `list storage.k8s.io/storageclasses`. */
const granted = roles.flatMap(({ metadata: { namespace }, rules }) =>
  rules.flatMap(({ apiGroups, resources, resourceNames = [], verbs }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) =>
        resources.map((resource) => {
          const where = namespace === undefined ? [] : [`in ${namespace}`];
          return [verb, `${group}/${resource}`, ...resourceNames, ...where].join(' ');
        }),
      ),
    ),
  ),
);

test('the documented role grants what the adapter reads, and nothing more', () => {
  const lists = Object.values(LIST_SPECS).map(({ group, resource, namespace }) => {
    const name = /^\/apis\/([^/]+)\//.exec(group)?.[1] ?? '';
    return `list ${name}/${resource}${namespace === undefined ? '' : ` in ${namespace}`}`;
  });
  expect(granted.sort()).toEqual(
    [
      ...lists,
      'create authorization.k8s.io/selfsubjectaccessreviews',
      'get /namespaces kube-system',
      'get /secrets nfs-democratic-csi-driver-config in democratic-csi',
    ].sort(),
  );
});
