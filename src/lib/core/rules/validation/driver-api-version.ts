import { type DriverSecret } from '../../model/kubernetes.ts';
import { isApiKind, needsApi } from '../checks/driver-kinds.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { defineCheck } from '../define-check.ts';

function judge({ kind, settings: { apiVersion } }: DriverSecret): SecretJudgement {
  // Drivers that do everything over the API choose the version themselves.
  if (!needsApi(kind) || isApiKind(kind)) return undefined;
  if (apiVersion === 1) {
    return { sound: false, seen: 'apiVersion is 1, which TrueNAS SCALE does not have' };
  }
  return {
    sound: true,
    seen: apiVersion === null ? 'apiVersion is left to the driver' : `apiVersion is ${apiVersion}`,
  };
}

export const driverApiVersion = defineCheck({
  id: 'driver-api-version',
  category: 'validation',
  severity: 'medium',
  component: 'driver',
  title: 'Drivers ask for an API that TrueNAS has',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets'],
  consults: [],
  steps: [
    'Set `httpConnection.apiVersion: 2` in the configuration of the driver, and upgrade the release.',
  ],

  *inspect({ driverSecrets }) {
    yield* inspectSecrets(driverSecrets, judge);
  },
});
