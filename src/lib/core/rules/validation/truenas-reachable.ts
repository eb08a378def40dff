import { defineCheck } from '../define-check.ts';
import { inspectReach } from '../checks/connections.ts';

export const truenasReachable = defineCheck({
  id: 'truenas-reachable',
  category: 'validation',
  severity: 'high',
  component: 'connection',
  title: 'TrueNAS can be reached, and lets this tool in',
  scope: 'system',
  subjects: ['System'],
  requires: ['connections'],
  consults: [],
  steps: [
    'Open the address in a browser: the web interface of TrueNAS has to appear.',
    'Correct `truenas.url`, `truenas.username` and the key in the configuration.',
  ],

  *inspect({ connections }) {
    for (const connection of connections) {
      if (connection.side === 'truenas') yield inspectReach(connection);
    }
  },
});
