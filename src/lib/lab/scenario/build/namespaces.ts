import { addObject } from './objects.ts';
import { isRecord } from './record.ts';
import { objectsOf, type Cluster } from './stage.ts';

const DAY_MILLIS = 86_400_000;
const KUBECTL = { manager: 'kubectl-client-side-apply', keys: ['metadata', 'spec'] };

/** What a namespace has to admit for the pods in it that use the network and the devices of their machine. */
const ADMITS = { 'pod-security.kubernetes.io/enforce': 'privileged' };

function addNamespace(cluster: Cluster, name: string, days: number): void {
  const { objects } = cluster.cluster;
  const isOnHost = (objects['pods'] ?? []).some(
    ({ metadata, spec }) =>
      metadata.namespace === name && isRecord(spec) && spec['hostNetwork'] === true,
  );
  addObject(cluster, {
    resource: 'namespaces',
    apiVersion: 'v1',
    kind: 'Namespace',
    name,
    days,
    labels: { 'kubernetes.io/metadata.name': name, ...(isOnHost ? ADMITS : {}) },
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
