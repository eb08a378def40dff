import { addObject } from './objects.ts';
import { isRecord } from './record.ts';
import { objectsOf, type Cluster } from './stage.ts';

const DAY_MILLIS = 86_400_000;
const KUBECTL = { manager: 'kubectl-client-side-apply', keys: ['metadata', 'spec'] };

/** Which pods a namespace admits. */
export type PodSecurity = 'privileged' | 'baseline' | 'restricted';

/** Adds a namespace, unless another release has made it. */
export function addNamespace(
  cluster: Cluster,
  name: string,
  days: number,
  admits: PodSecurity | undefined,
): void {
  if (objectsOf(cluster.cluster, 'namespaces').some(({ metadata }) => metadata.name === name))
    return;
  const labels = { 'kubernetes.io/metadata.name': name };
  addObject(cluster, {
    resource: 'namespaces',
    apiVersion: 'v1',
    kind: 'Namespace',
    name,
    days,
    labels:
      admits === undefined ? labels : { ...labels, 'pod-security.kubernetes.io/enforce': admits },
    body: { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    writers: [KUBECTL],
  });
}

/** Whether pods there use the network and the devices of their machine, which a namespace has to admit. */
function isOnHost({ cluster }: Cluster, namespace: string): boolean {
  return objectsOf(cluster, 'pods').some(
    ({ metadata, spec }) =>
      metadata.namespace === namespace && isRecord(spec) && spec['hostNetwork'] === true,
  );
}

/** Adds the namespaces that objects already lie in, as old as their cluster. */
export function addMissingNamespaces(cluster: Cluster): void {
  const { stage, cluster: lab } = cluster;
  const days = (stage.now - Date.parse(lab.createdAt)) / DAY_MILLIS;
  const names = new Set<string>();
  for (const objects of Object.values(lab.objects)) {
    for (const { metadata } of objects) {
      if (metadata.namespace !== undefined) names.add(metadata.namespace);
    }
  }
  for (const { metadata } of objectsOf(lab, 'namespaces')) names.delete(metadata.name);
  for (const name of [...names].sort()) {
    addNamespace(cluster, name, days, isOnHost(cluster, name) ? 'privileged' : undefined);
  }
}
