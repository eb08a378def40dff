import { defineCheck } from '../define-check.ts';
import { inspectReach } from '../checks/connections.ts';

export const truenasAnswers = defineCheck({
  id: 'truenas-answers',
  category: 'health',
  severity: 'critical',
  component: 'connection',
  title: 'TrueNAS answers',
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
