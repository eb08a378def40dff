import { type TlsFacts } from '../../model/connection.ts';
import { type Severity } from '../../model/finding.ts';
import { elapsed, type Millis } from '../../model/units.ts';
import { formatSpan } from '../../render/text/format.ts';
import { defineCheck } from '../define-check.ts';
import { inspectTls } from '../checks/tls.ts';

const DAY = 86_400_000;

/** Certificates that live for a month or three are renewed by a machine, and late: only the last part of their life is suspicious. */
function limits({ validFrom, validTo }: TlsFacts): {
  readonly soon: number;
  readonly late: number;
} {
  const life = elapsed(validFrom, validTo);
  return { soon: Math.min(30 * DAY, life * 0.2), late: Math.min(7 * DAY, life * 0.05) };
}

function severityOf(left: Millis, tls: TlsFacts): Severity | undefined {
  const { soon, late } = limits(tls);
  if (left <= 0) return 'critical';
  if (left < late) return 'high';
  return left < soon ? 'medium' : undefined;
}

export const tlsExpiry = defineCheck({
  id: 'tls-expiry',
  category: 'validation',
  severity: 'high',
  component: 'connection',
  title: 'No certificate is about to expire',
  scope: 'cluster',
  subjects: ['Cluster', 'System'],
  requires: ['connections'],
  consults: [],
  steps: [
    'Renew the certificate: in TrueNAS under Credentials, Certificates; of a kubeadm cluster with `kubeadm certs renew apiserver`.',
    'Where it is renewed by itself, find out why that did not happen yet.',
    'Where its key is pinned, pin the new key as well before it changes.',
  ],

  inspect: ({ connections }, { now }) =>
    inspectTls(connections, (tls, { host }) => {
      const left = elapsed(now, tls.validTo);
      const severity = severityOf(left, tls);
      const until = `until ${tls.validTo.toISOString().slice(0, 10)}`;
      const seen =
        left > 0
          ? `the certificate of ${host} is valid ${until}, for another ${formatSpan(left)}`
          : `the certificate of ${host} was valid ${until}: it expired ${formatSpan(elapsed(tls.validTo, now))} ago`;
      return severity === undefined ? { sound: true, seen } : { sound: false, seen, severity };
    }),
});
