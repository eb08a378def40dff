import { type DriverSecret } from '../../model/kubernetes.ts';
import { needsApi } from '../checks/driver-kinds.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { defineCheck } from '../define-check.ts';

function judge({ kind, settings }: DriverSecret): SecretJudgement {
  const { protocol, allowInsecure } = settings;
  // Without TLS there is no certificate to check.
  if (!needsApi(kind) || protocol?.toLowerCase() === 'http') return undefined;
  return allowInsecure === true
    ? {
        sound: false,
        seen: 'allowInsecure is true: it hands its credentials to whoever answers in the place of TrueNAS',
      }
    : { sound: true, seen: 'it checks the certificate of TrueNAS' };
}

export const driverTlsInsecure = defineCheck({
  id: 'driver-tls-insecure',
  category: 'validation',
  severity: 'medium',
  component: 'driver',
  title: 'Drivers check the certificate of TrueNAS',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets'],
  consults: [],
  steps: [
    'Give TrueNAS a certificate for the name in `httpConnection.host`, signed by an authority you trust.',
    'Let the driver trust a private authority: put its certificate into a ConfigMap, mount it into the container of the driver, and name the file in `NODE_EXTRA_CA_CERTS`.',
    'Set `httpConnection.allowInsecure: false`, upgrade the release, and look that the controller stays ready.',
  ],

  *inspect({ driverSecrets }) {
    yield* inspectSecrets(driverSecrets, judge);
  },
});
