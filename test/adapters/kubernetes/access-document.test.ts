import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type ClusterChange } from '../../../src/lib/core/cleanup/change.ts';
import { LIST_SPECS } from '../../../src/lib/adapters/kubernetes/sources.ts';
import { kubeconfigFor, NEVER, open, serve } from './support.ts';

interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
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

const CLEANUP = 'truenas-monitor-cleanup';

/** Every right as one line, such as `list storage.k8s.io/storageclasses`. */
const grantedBy = (asked: readonly Role[]) =>
  asked.flatMap(({ metadata: { namespace }, rules }) =>
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
  const granted = grantedBy(roles.filter(({ metadata: { name } }) => name !== CLEANUP));
  expect(granted.sort()).toEqual(
    [
      ...lists,
      'create authorization.k8s.io/selfsubjectaccessreviews',
      'get /namespaces kube-system',
      'get /secrets nfs-democratic-csi-driver-config in democratic-csi',
    ].sort(),
  );
});

test('the documented role for clean-up grants what a plan with every change would lack, and nothing more', async () => {
  const changes: readonly ClusterChange[] = [
    ...(
      ['persistentvolume', 'volumesnapshot', 'volumesnapshotcontent', 'volumeattachment'] as const
    ).flatMap((kind) => [
      { type: 'delete-resource', kind, namespace: null, name: 'a' } as const,
      { type: 'create-resource', kind, namespace: null, name: 'a', manifest: {} } as const,
    ]),
    ...(['persistentvolume', 'volumesnapshotcontent'] as const).map((kind) => {
      return { type: 'set-policy', kind, name: 'a', policy: 'Retain' } as const;
    }),
  ];
  const url = await serve((request, response) => {
    response.writeHead(201, { 'content-type': 'application/json' });
    const body = JSON.stringify({ status: { allowed: false } });
    request.resume().on('end', () => response.end(body));
  });
  const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
  const lacking = await reader.writer.lacking(changes, NEVER);
  const granted = grantedBy(roles.filter(({ metadata: { name } }) => name === CLEANUP));
  const lines = granted.map((right) => {
    const [, verb = '', group = '', resource = '', where] =
      /^(\w+) ([^/]*)\/(\w+)(?: in (.*))?$/.exec(right) ?? [];
    const what = group === '' ? resource : `${resource}.${group}`;
    const scope = where === undefined ? '' : ` in the namespace ${where}`;
    return `${verb} ${what}${scope} is not allowed in cluster prod`;
  });
  expect(lines.sort()).toEqual([...lacking].sort());
});
