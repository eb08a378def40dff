import { type Connection } from '../../model/connection.ts';
import { refToConnected } from '../../model/surroundings.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** What was never spoken to, or not to the end, proves nothing; what is in the clear is so by its address alone. */
function inspectUse(connection: Connection): Pick<Inspection, 'sound' | 'seen'> {
  const { host, secure, loopback, failure } = connection;
  if (!secure && !loopback) return { sound: false, seen: seen(connection) };
  return failure === null
    ? { sound: true, seen: seen(connection) }
    : { sound: undefined, seen: `${host} could not be read` };
}

function seen({ host, secure, loopback }: Connection): string {
  if (secure) return `${host} is spoken to over TLS`;
  return loopback
    ? `${host} is this machine itself, where plain http is not overheard`
    : `${host} is spoken to over plain http`;
}

export const tlsInUse = defineCheck({
  id: 'tls-in-use',
  category: 'validation',
  severity: 'high',
  component: 'connection',
  title: 'Nothing is sent in the clear',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: [
    'Give the https address of TrueNAS in `truenas.url`: it revokes an API key that arrives over plain http.',
    'Where a key was sent over plain http already, make a new one.',
  ],

  *inspect({ connections }) {
    for (const connection of connections) {
      const inspection = { subject: refToConnected(connection), ...inspectUse(connection) };
      yield connection.side === 'truenas'
        ? inspection
        : {
            ...inspection,
            severity: 'medium',
            steps: ['Give the https address of the API server in the kubeconfig.'],
          };
    }
  },
});
