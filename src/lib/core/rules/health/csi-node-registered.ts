import { type Installation } from '../../correlate/installations.ts';
import { type Node } from '../../model/kubernetes.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { elapsed } from '../../model/units.ts';
import { joined } from '../../render/text/format.ts';
import { servingPods } from '../checks/pod-health.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** A node that has just joined pulls the driver's images first. */
const JOINING = 10 * 60_000;

function isJoining({ createdAt }: Node, now: Date): boolean {
  return createdAt !== null && elapsed(createdAt, now) < JOINING;
}

/** Whether a pod of the driver is on the node: then it is meant to be there. */
function isMeantFor({ nodePods }: Installation, node: string): boolean {
  return servingPods(nodePods).some((pod) => pod.node === node);
}

/** `A has a pod there and is not registered`, for one or several. */
function unregistered(drivers: readonly Installation[], pods: 'a pod' | 'no pod'): string {
  const names = joined(drivers.map(({ driver }) => driver));
  const [have, are] = drivers.length === 1 ? ['has', 'is'] : ['have', 'are'];
  return `${names} ${have} ${pods} there and ${are} not registered`;
}

function judgeMissing(missing: readonly Installation[], node: string): Omit<Inspection, 'subject'> {
  const meant = missing.filter((each) => isMeantFor(each, node));
  const others = missing.filter((each) => !isMeantFor(each, node));
  const parts = [
    ...(meant.length === 0 ? [] : [unregistered(meant, 'a pod')]),
    ...(others.length === 0 ? [] : [unregistered(others, 'no pod')]),
  ];
  const whose = missing.length === 1 ? 'its volumes' : 'their volumes';
  return {
    sound: false,
    severity: meant.length === 0 ? 'medium' : 'high',
    seen: `${parts.join(', and ')}: ${whose} cannot be mounted there`,
  };
}

function judge(
  node: Node,
  drivers: readonly Installation[],
  registered: readonly string[],
  now: Date,
): Omit<Inspection, 'subject'> {
  const missing = drivers.filter(({ driver }) => !registered.includes(driver));
  const names = joined(missing.map(({ driver }) => driver));
  if (missing.length === 0) {
    return { sound: true, seen: `registered: ${joined(drivers.map(({ driver }) => driver))}` };
  }
  if (isJoining(node, now)) {
    return { sound: true, seen: `it joined a moment ago, and has not registered ${names} yet` };
  }
  return judgeMissing(missing, node.name);
}

export const csiNodeRegistered = defineCheck({
  id: 'csi-node-registered',
  category: 'health',
  severity: 'high',
  component: 'node',
  title: 'Every CSI driver is registered on every node that takes pods',
  scope: 'cluster',
  subjects: ['Node'],
  requires: ['installations', 'nodes', 'csiNodes'],
  consults: [],
  steps: [
    'See that the DaemonSet of the driver has a pod on that node, and that its tolerations and node selector let it.',
    'Look into the log of its `driver-registrar`: the path of the kubelet has to be that of the node.',
    'Where the driver is kept off that node on purpose, say so in `ignore:` of the configuration.',
  ],

  *inspect({ installations, nodes, csiNodes }, { now }) {
    const registered = new Map(csiNodes.map((each) => [each.name, each.drivers]));
    const known = new Set(csiNodes.flatMap((each) => each.drivers));
    // A driver that neither has pods on nodes nor is known to one is not installed.
    const drivers = installations.filter(
      ({ csiDriver, driver, nodePods }) =>
        csiDriver !== undefined && (nodePods.length > 0 || known.has(driver)),
    );
    for (const node of nodes) {
      const here = drivers.filter(({ cluster }) => cluster === node.cluster);
      if (node.ready !== true || !node.schedulable || here.length === 0) continue;
      yield {
        subject: refInCluster('Node', node),
        ...judge(node, here, registered.get(node.name) ?? [], now),
      };
    }
  },
});
