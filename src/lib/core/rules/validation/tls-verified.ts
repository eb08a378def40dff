import { defineCheck } from '../define-check.ts';
import { inspectTls } from '../checks/tls.ts';

export const tlsVerified = defineCheck({
  id: 'tls-verified',
  category: 'validation',
  severity: 'medium',
  component: 'connection',
  title: 'Certificates are checked, or their keys pinned',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: [
    'Give the authority that signed the certificate in `truenas.ca_file`, or in the kubeconfig as `certificate-authority`.',
    'Then take out `truenas.tls_verify: false`, or `insecure-skip-tls-verify` of the kubeconfig.',
  ],

  inspect: ({ connections }) =>
    inspectTls(connections, ({ verified, pinned, spki }, { host, side }) => {
      if (verified) return { sound: true, seen: `the certificate of ${host} is checked` };
      if (pinned === true) return { sound: true, seen: `the public key of ${host} is pinned` };
      const seen = `nothing of the certificate of ${host} is checked: whoever sits in between gets the credentials`;
      if (side === 'kubernetes') return { sound: false, seen };
      return {
        sound: false,
        seen,
        steps: [
          `Compare ${spki} with the pin of the certificate as TrueNAS itself shows it, then set \`truenas.pinned_spki_sha256: ["${spki}"]\`.`,
          'Or give the authority that signed it in `truenas.ca_file`, and take out `truenas.tls_verify: false`.',
        ],
      };
    }),
});
