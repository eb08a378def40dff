import { defineCheck } from '../define-check.ts';
import { inspectLatency, LATENCY_STEPS } from '../checks/connections.ts';

export const apiLatency = defineCheck({
  id: 'api-latency',
  category: 'health',
  severity: 'medium',
  component: 'connection',
  title: 'The APIs answered this scan without delay',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: LATENCY_STEPS,

  inspect: ({ connections }) => inspectLatency(connections),
});
