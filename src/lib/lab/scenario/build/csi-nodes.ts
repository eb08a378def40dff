import { type KubernetesObject } from '../world.ts';
import { addObject } from './objects.ts';
import { isRecord } from './record.ts';
import { objectsOf, type Cluster } from './stage.ts';

const KUBELET = { manager: 'kubelet', keys: ['metadata', 'spec'] };

/** Machines every cluster has. */
export const NODES = ['worker-1', 'worker-2', 'worker-3'] as const;

/** Machines, and whether each is well. */
export function machinesOf({ cluster }: Cluster): readonly { name: string; ready: boolean }[] {
  return objectsOf(cluster, 'nodes').map((node) => ({
    name: node.metadata.name,
    ready: isReady(node),
  }));
}

function isReady({ status }: KubernetesObject): boolean {
  const conditions = isRecord(status) ? status['conditions'] : undefined;
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (each) => isRecord(each) && each['type'] === 'Ready' && each['status'] === 'True',
    )
  );
}

/** Notes that the kubelet of a machine knows a driver; each machine has its CSINode in any case. */
export function register(cluster: Cluster, node: string, driver: string | undefined): void {
  const { spec } = findCsiNode(cluster, node) ?? addCsiNode(cluster, node);
  if (driver === undefined || !isRecord(spec)) return;
  const known = Array.isArray(spec['drivers']) ? (spec['drivers'] as unknown[]) : [];
  spec['drivers'] = [...known, { name: driver, nodeID: node, topologyKeys: null }];
}

function findCsiNode({ cluster }: Cluster, node: string): KubernetesObject | undefined {
  return objectsOf(cluster, 'csinodes').find(({ metadata }) => metadata.name === node);
}

function addCsiNode(cluster: Cluster, node: string): KubernetesObject {
  return addObject(cluster, {
    resource: 'csinodes',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    name: node,
    days: 40.5,
    // As Go writes a list that was never filled.
    body: { spec: { drivers: null } },
    writers: [KUBELET],
  });
}
