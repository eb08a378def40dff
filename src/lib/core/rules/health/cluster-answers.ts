import { defineCheck } from '../define-check.ts';
import { inspectReach } from '../checks/connections.ts';

export const clusterAnswers = defineCheck({
  id: 'cluster-answers',
  category: 'health',
  severity: 'critical',
  component: 'connection',
  title: 'The API server of the cluster answers',
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
