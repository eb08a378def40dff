import { type DriverSecret } from '../../model/kubernetes.ts';
import { isBlockKind } from '../checks/driver-kinds.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { defineCheck } from '../define-check.ts';

function judge({ kind, settings: { enableQuotas } }: DriverSecret): SecretJudgement {
  // A zvol is as large as it is.
  if (isBlockKind(kind)) return undefined;
  if (enableQuotas === true) return { sound: true, seen: 'datasets get a quota' };
  return enableQuotas === false
    ? {
        sound: false,
        seen: 'datasetEnableQuotas is false: one volume can fill the pool, and sizes mean nothing',
      }
    : {
        sound: false,
        severity: 'low',
        seen: 'datasetEnableQuotas is not set: datasets get no quota, and sizes mean nothing',
      };
}

export const driverQuotas = defineCheck({
  id: 'driver-quotas',
  category: 'validation',
  severity: 'medium',
  component: 'driver',
  title: 'Datasets are no larger than their volumes',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets'],
  consults: [],
  steps: [
    'Set `zfs.datasetEnableQuotas: true` in the configuration of the driver, and upgrade the release: new volumes get a quota.',
    'Give volumes made before a quota by hand: set `refquota` of each dataset to the capacity of its PersistentVolume, after looking that it does not hold more already.',
  ],

  *inspect({ driverSecrets }) {
    yield* inspectSecrets(driverSecrets, judge);
  },
});
