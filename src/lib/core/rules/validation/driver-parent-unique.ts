import { trimSlashes } from '../../correlate/paths.ts';
import { type Severity } from '../../model/finding.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { areOnOneServer } from '../checks/driver-home.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { defineCheck } from '../define-check.ts';

/** Two drivers may read one Secret; a deployment is no rival of itself. */
function isSame(one: DriverSecret, other: DriverSecret): boolean {
  return (
    one.cluster === other.cluster && one.namespace === other.namespace && one.name === other.name
  );
}

function haveOneParent(one: DriverSecret, other: DriverSecret): boolean {
  return (
    one.parent !== null &&
    other.parent !== null &&
    trimSlashes(one.parent) === trimSlashes(other.parent) &&
    areOnOneServer(one, other)
  );
}

/** Names made by a template or a short hash may be the same in two clusters; those made of a claim's uid are not. */
function severityBetween(one: DriverSecret, other: DriverSecret): Severity {
  if (one.cluster === other.cluster) return 'low';
  if (one.handleRule !== 'name' || other.handleRule !== 'name') return 'high';
  const bothSaid = one.instanceId !== null && other.instanceId !== null;
  return bothSaid && one.instanceId !== other.instanceId ? 'low' : 'medium';
}

function judge(secret: DriverSecret, all: readonly DriverSecret[]): SecretJudgement {
  const { parent } = secret;
  if (parent === null) return undefined;
  const rivals = all.filter((other) => !isSame(secret, other) && haveOneParent(secret, other));
  if (rivals.length === 0) return { sound: true, seen: `nobody else here uses ${parent}` };
  const names = rivals
    .map(({ cluster, namespace, name }) => `${namespace}/${name} of ${cluster}`)
    .toSorted();
  const severities = rivals.map((other) => severityBetween(secret, other));
  const worst = (['high', 'medium'] as const).find((each) => severities.includes(each)) ?? 'low';
  return {
    sound: false,
    severity: worst,
    seen: `${parent} is the parent of ${[...new Set(names)].join(', ')} as well`,
  };
}

export const driverParentUnique = defineCheck({
  id: 'driver-parent-unique',
  category: 'validation',
  severity: 'medium',
  component: 'driver',
  title: 'Every deployment of a driver has a parent dataset of its own',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['installations', 'driverSecrets'],
  consults: [],
  steps: [
    'Make a parent dataset for each deployment, such as `tank/k8s/CLUSTER/nfs`, and name it in `zfs.datasetParentName`.',
    'Keep the old deployment with its old parent until its last volume is gone: volumes are looked for below the parent that is configured now.',
    'Until then give every deployment an `instance_id` of its own, so that its volumes can be told apart, and register every cluster that uses the parent with this tool.',
    'Let no clean-up tool that knows one cluster only near this parent.',
  ],

  *inspect({ installations }) {
    const all = installations.flatMap(({ secrets }) => secrets);
    yield* inspectSecrets(all, (secret) => judge(secret, all));
  },
});
