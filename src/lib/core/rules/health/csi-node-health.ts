import { type Node, type Pod } from '../../model/kubernetes.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { counted } from '../../render/text/format.ts';
import { judgePods, POD_STEPS } from '../checks/pod-verdict.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** On a node that is down every pod is, and that is not the driver's fault. */
function onReadyNodes(pods: readonly Pod[], nodes: ReadonlyMap<string, Node>): readonly Pod[] {
  return pods.filter(({ node }) => node === null || nodes.get(node)?.ready === true);
}

function judge(
  pods: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
  now: Date,
): Omit<Inspection, 'subject'> {
  const running = onReadyNodes(pods, nodes);
  const judged = judgePods({ noun: 'node pod', pods: running, oneIsEnough: false }, now);
  if (judged !== undefined) return judged;
  const seen =
    pods.length === 0
      ? 'none of the pods was recognised as one of its node pods'
      : `its ${counted(pods.length, 'node pod')} cannot be judged: no node of theirs is ready`;
  return { sound: undefined, seen };
}

export const csiNodeHealth = defineCheck({
  id: 'csi-node-health',
  category: 'health',
  severity: 'high',
  component: 'driver',
  title: 'The node pods of every CSI driver run',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations', 'nodes'],
  consults: [],
  steps: POD_STEPS,

  *inspect({ installations, nodes }, { now }) {
    const byName = new Map(nodes.map((node) => [node.name, node]));
    for (const { cluster, driver, csiDriver, nodePods } of installations) {
      if (csiDriver === undefined && nodePods.length === 0) continue;
      yield {
        subject: refInCluster('CsiDriver', { cluster, name: driver }),
        ...judge(nodePods, byName, now),
      };
    }
  },
});
