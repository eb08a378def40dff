import { type Installation } from '../../correlate/installations.ts';
import { type CsiNode } from '../../model/kubernetes-surroundings.ts';
import { type Node } from '../../model/kubernetes.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { elapsed } from '../../model/units.ts';
import { isAlive } from '../checks/installation-pods.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** A node that has just joined still pulls images. */
const SETTLING = 10 * 60_000;

/** What one driver has on nodes. */
interface Presence {
  readonly driver: string;
  /** Nodes on which a pod of it runs; undefined where no pod anywhere says that it is of this driver. */
  readonly pods: ReadonlySet<string> | undefined;
}

function presenceOf({ driver, nodePods }: Installation): Presence {
  const nodes = nodePods.filter(isAlive).flatMap(({ node }) => node ?? []);
  return { driver, pods: nodes.length === 0 ? undefined : new Set(nodes) };
}

/** Drivers that mount anywhere in this cluster: of the others another check speaks. */
function presencesIn(
  cluster: string,
  installations: readonly Installation[],
  csiNodes: readonly CsiNode[],
): readonly Presence[] {
  const registered = new Set(csiNodes.flatMap(({ drivers }) => drivers));
  return installations
    .filter((each) => each.cluster === cluster)
    .map(presenceOf)
    .filter(({ driver, pods }) => pods !== undefined || registered.has(driver));
}

/** What is wrong with one driver on one node, and how much that matters. */
function faultOf(
  { driver, pods }: Presence,
  node: string,
  isRegistered: boolean,
): Pick<Inspection, 'severity' | 'seen'> | undefined {
  const runs = pods?.has(node);
  if (isRegistered) {
    return runs === false
      ? { severity: 'low', seen: `${driver} is registered, but no pod of it runs there` }
      : undefined;
  }
  return runs === true
    ? {
        severity: 'high',
        seen: `a pod of ${driver} runs, but the kubelet does not know the driver`,
      }
    : { severity: 'medium', seen: `${driver} is not there` };
}

function inspectNode(
  node: Node,
  csiNode: CsiNode | undefined,
  presences: readonly Presence[],
  now: Date,
): Omit<Inspection, 'subject'> {
  if (node.ready !== true) return { sound: undefined, seen: 'the node is not ready' };
  if (node.createdAt !== null && elapsed(node.createdAt, now) < SETTLING) {
    return { sound: undefined, seen: 'the node has just joined' };
  }
  const registered = new Set(csiNode?.drivers ?? []);
  const faults = presences.flatMap(
    (presence) => faultOf(presence, node.name, registered.has(presence.driver)) ?? [],
  );
  const worst = (['high', 'medium', 'low'] as const).find((severity) =>
    faults.some((fault) => fault.severity === severity),
  );
  if (worst === undefined) {
    return { sound: true, seen: presences.map(({ driver }) => driver).join(', ') };
  }
  return { sound: false, severity: worst, seen: faults.map(({ seen }) => seen).join('; ') };
}

export const csiNodeCoverage = defineCheck({
  id: 'csi-node-coverage',
  category: 'validation',
  severity: 'medium',
  component: 'node',
  title: 'Every node that takes pods can mount volumes',
  scope: 'cluster',
  subjects: ['Node'],
  requires: ['nodes', 'csiNodes', 'installations'],
  consults: [],
  steps: [
    'Look which drivers the node knows: `kubectl get csinode NODE -o yaml`.',
    'Where no pod of the driver runs there, look why the DaemonSet leaves the node out: node selector, affinity, tolerations (`node:` in the values of the chart).',
    'Where a pod runs and the kubelet does not know it, compare the path the registrar tells with that of the kubelet, which microk8s, k0s and others have elsewhere (`node.kubeletHostPath` in the values of the chart), and read `kubectl logs POD -c driver-registrar`.',
    'Until it is mended, cordon the node for pods that need volumes: `kubectl cordon NODE`.',
  ],

  *inspect({ nodes, csiNodes, installations }, { now }) {
    const byName = new Map(csiNodes.map((each) => [each.name, each]));
    for (const [cluster, own] of Map.groupBy(nodes, (node) => node.cluster)) {
      const presences = presencesIn(cluster, installations, csiNodes);
      if (presences.length === 0) continue;
      for (const node of own) {
        if (!node.schedulable) continue;
        yield {
          subject: refInCluster('Node', node),
          ...inspectNode(node, byName.get(node.name), presences, now),
        };
      }
    }
  },
});
