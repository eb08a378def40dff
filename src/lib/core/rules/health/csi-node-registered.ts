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
  return missing.some((each) => isMeantFor(each, node.name))
    ? {
        sound: false,
        severity: 'high',
        seen: `a pod of the driver is there, and ${names} is not registered`,
      }
    : {
        sound: false,
        severity: 'medium',
        seen: `${names} is not registered: no volume can be mounted there`,
      };
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
