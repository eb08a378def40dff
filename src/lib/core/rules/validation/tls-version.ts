import { defineCheck } from '../define-check.ts';
import { inspectTls } from '../checks/tls.ts';

const CURRENT = 'TLSv1.3';
const DATED = 'TLSv1.2';

export const tlsVersion = defineCheck({
  id: 'tls-version',
  category: 'validation',
  severity: 'low',
  component: 'connection',
  title: 'TLS 1.3 is spoken on both sides',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: [
    'Find out what ends TLS before the server, such as a proxy or a load balancer, and let it speak TLS 1.3.',
    'Where TrueNAS itself is the limit, update it; then take out `truenas.tls_min_version`.',
  ],

  inspect: ({ connections }) =>
    inspectTls(connections, ({ protocol }, { host }) => ({
      sound: protocol === CURRENT,
      seen: `${host} speaks ${protocol}`,
      severity: protocol === DATED ? 'low' : 'medium',
    })),
});
