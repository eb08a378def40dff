import { defineCheck } from '../define-check.ts';
import { inspectReach } from '../checks/connections.ts';

export const clusterReachable = defineCheck({
  id: 'cluster-reachable',
  category: 'validation',
  severity: 'high',
  component: 'connection',
  title: 'The API server of the cluster can be reached',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['connections'],
  consults: [],
  steps: [
    'See whether `kubectl get --raw /version` works with the same kubeconfig and context.',
    'Correct `kubernetes:` in the configuration, or the kubeconfig it names.',
  ],

  *inspect({ connections }) {
    for (const connection of connections) {
      if (connection.side === 'kubernetes') yield inspectReach(connection);
    }
  },
});
