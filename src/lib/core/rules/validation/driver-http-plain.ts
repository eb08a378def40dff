import { type Severity } from '../../model/finding.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { type SystemIdentity } from '../../model/inventory.ts';
import { systemBehind } from '../checks/driver-home.ts';
import { needsApi } from '../checks/driver-kinds.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { isBefore, parseVersion } from '../checks/versions.ts';
import { defineCheck } from '../define-check.ts';

/** Whether TrueNAS revokes keys that come in the clear: since 25.04. */
function revokesKeys(system: SystemIdentity | undefined): boolean {
  const version = parseVersion(system?.version ?? null);
  return version !== undefined && !isBefore(version, [25, 4]);
}

function judge(
  { kind, settings }: DriverSecret,
  systemOf: () => SystemIdentity | undefined,
): SecretJudgement {
  const { protocol, hasApiKey, hasPassword } = settings;
  if (!needsApi(kind)) return undefined;
  if (protocol === null) {
    return { sound: undefined, seen: 'its configuration names no protocol that can be read' };
  }
  if (protocol.toLowerCase() !== 'http') return { sound: true, seen: `it speaks ${protocol}` };
  if (!hasApiKey) {
    const what = hasPassword ? 'its password goes' : 'what it says goes';
    return { sound: false, severity: 'medium', seen: `${what} over the network in the clear` };
  }
  const severity: Severity = revokesKeys(systemOf()) ? 'critical' : 'high';
  return {
    sound: false,
    severity,
    seen:
      severity === 'critical'
        ? 'its API key goes over the network in the clear, for which TrueNAS 25.04 and later may revoke it'
        : 'its API key goes over the network in the clear',
  };
}

export const driverHttpPlain = defineCheck({
  id: 'driver-http-plain',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'Drivers speak to TrueNAS over TLS',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets', 'parents', 'systems'],
  consults: [],
  steps: [
    'Set `httpConnection.protocol: https` and the port that serves it, usually 443, in the configuration of the driver.',
    'Make a new API key in the web interface of TrueNAS, put it into the configuration, and upgrade the release.',
    'Delete the old key: whoever listened has it.',
  ],

  *inspect({ driverSecrets, parents, systems }) {
    yield* inspectSecrets(driverSecrets, (secret) =>
      judge(secret, () => {
        const { driver, cluster } = secret;
        return driver === null ? undefined : systemBehind({ driver, cluster }, parents, systems);
      }),
    );
  },
});
