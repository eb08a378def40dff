import { type TlsFacts } from '../../model/connection.ts';
import { defineCheck } from '../define-check.ts';
import { excerpt } from '../checks/excerpt.ts';
import { inspectTls } from '../checks/tls.ts';

/** A pin stands for the whole certificate, unless chain and name were to be in order too. */
function isTrusted({ trusted, verified, pinned }: TlsFacts): boolean {
  return pinned !== false && (trusted || (pinned === true && !verified));
}

function describe(tls: TlsFacts, host: string): string {
  const { trusted, pinned, issuer, distrust } = tls;
  if (pinned === false) return `the public key of ${host} is not the one that is pinned`;
  if (trusted) return `the certificate of ${host} is trusted, signed by ${issuer}`;
  if (isTrusted(tls)) return `the public key of ${host} is the one that is pinned`;
  return `the certificate of ${host}, signed by ${issuer}, is not trusted: ${excerpt(distrust ?? '')}`;
}

export const tlsTrusted = defineCheck({
  id: 'tls-trusted',
  category: 'validation',
  severity: 'high',
  component: 'connection',
  title: 'The certificates of both sides are trusted',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: [
    'Find out why the certificate changed, or why it is not trusted, before anything is sent to that host again.',
    'Give the authority that signed it in `truenas.ca_file`, or in the kubeconfig as `certificate-authority`.',
    'Or pin the key: `truenas.pinned_spki_sha256`.',
  ],

  inspect: ({ connections }) =>
    inspectTls(connections, (tls, { host }) => ({
      sound: isTrusted(tls),
      seen: describe(tls, host),
      // Where nothing is checked the connection stands all the same.
      severity: tls.verified || tls.pinned === false ? 'high' : 'medium',
    })),
});
