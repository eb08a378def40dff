import { addObject } from './objects.ts';
import { objectsOf, type Cluster } from './stage.ts';

const DAY_MILLIS = 86_400_000;
const KUBECTL = { manager: 'kubectl-client-side-apply', keys: ['metadata', 'spec'] };

function addNamespace(cluster: Cluster, name: string, days: number): void {
  addObject(cluster, {
    resource: 'namespaces',
    apiVersion: 'v1',
    kind: 'Namespace',
    name,
    days,
    labels: { 'kubernetes.io/metadata.name': name },
    body: { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    writers: [KUBECTL],
  });
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
  for (const name of [...names].sort()) addNamespace(cluster, name, days);
}
