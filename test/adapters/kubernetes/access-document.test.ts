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

const page = readFileSync(
  path.join(import.meta.dirname, '../../../docs/kubernetes-access.md'),
  'utf8',
);
const manifest = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
const role = parseAllDocuments(manifest).find((each) => each.get('kind') === 'ClusterRole');
const { rules } = role?.toJS() as { rules: readonly RoleRule[] };

/** Every right as one line, such as `list storage.k8s.io/storageclasses`. */
const granted = rules.flatMap(({ apiGroups, resources, resourceNames = [], verbs }) =>
  verbs.flatMap((verb) =>
    apiGroups.flatMap((group) =>
      resources.map((resource) => [verb, `${group}/${resource}`, ...resourceNames].join(' ')),
    ),
  ),
);

test('the documented role grants what the adapter reads, and nothing more', () => {
  const lists = Object.values(LIST_SPECS).map(({ group, resource }) => {
    const name = /^\/apis\/([^/]+)\//.exec(group)?.[1] ?? '';
    return `list ${name}/${resource}`;
  });
  expect(granted.sort()).toEqual([...lists, 'get /namespaces kube-system'].sort());
});
