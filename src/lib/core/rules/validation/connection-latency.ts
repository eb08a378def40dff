import { defineCheck } from '../define-check.ts';
import { inspectLatency, LATENCY_STEPS } from '../checks/connections.ts';

export const connectionLatency = defineCheck({
  id: 'connection-latency',
  category: 'validation',
  severity: 'medium',
  component: 'connection',
  title: 'Both sides answer fast enough to be scanned',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: LATENCY_STEPS,

  inspect: ({ connections }) => inspectLatency(connections),
});
