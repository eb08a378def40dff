import { type Pod } from '../../model/kubernetes.ts';
import { refToCluster } from '../../model/surroundings.ts';
import { hasRole } from '../checks/pod-health.ts';
import { judgePods } from '../checks/pod-verdict.ts';
import { defineCheck } from '../define-check.ts';

function isController({ containers }: Pod): boolean {
  return containers.some((container) => hasRole(container, 'snapshot-controller'));
}

export const snapshotControllerHealth = defineCheck({
  id: 'snapshot-controller-health',
  category: 'health',
  severity: 'high',
  component: 'snapshot',
  title: 'The snapshot controller runs',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['pods', 'clusters'],
  consults: [],
  steps: [
    'Run `kubectl -n NAMESPACE describe pod POD`: its events say why it does not run.',
    'Run `kubectl -n NAMESPACE logs POD --previous`: a controller that misses its CRDs, or may not read them, says so.',
  ],

  *inspect({ pods, clusters }, { now }) {
    for (const { name } of clusters) {
      const own = pods.filter((pod) => pod.cluster === name && isController(pod));
      const group = { noun: 'snapshot controller pod', pods: own, oneIsEnough: true };
      // Some platforms run it out of sight, and others have no snapshots: that there is none says nothing here.
      const judged = judgePods(group, now);
      if (judged !== undefined) yield { subject: refToCluster(name), ...judged };
    }
  },
});
