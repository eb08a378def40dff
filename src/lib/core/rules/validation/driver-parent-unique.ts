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

/**
 * How much it matters that two deployments have one parent; undefined where it does not. Names made by a template or a hash
 * may be the same in two clusters; those made of a claim's uid are not, and an `instance_id` says whose each volume is.
 */
function severityBetween(one: DriverSecret, other: DriverSecret): Severity | undefined {
  const isAway = one.cluster !== other.cluster;
  if (isAway && (one.handleRule !== 'name' || other.handleRule !== 'name')) return 'high';
  const bothSaid = one.instanceId !== null && other.instanceId !== null;
  if (bothSaid && one.instanceId !== other.instanceId) return undefined;
  return isAway ? 'medium' : 'low';
}

function nameOf({ cluster, namespace, name }: DriverSecret): string {
  return `${namespace === '' ? '' : `${namespace}/`}${name} of ${cluster}`;
}

function judge(secret: DriverSecret, all: readonly DriverSecret[]): SecretJudgement {
  const { parent } = secret;
  if (parent === null) return undefined;
  const sharers = all.filter((other) => !isSame(secret, other) && haveOneParent(secret, other));
  if (sharers.length === 0) return { sound: true, seen: `nobody else here uses ${parent}` };
  const names = [...new Set(sharers.map(nameOf))].toSorted().join(', ');
  const severities = sharers.flatMap((other) => severityBetween(secret, other) ?? []);
  const worst = (['high', 'medium', 'low'] as const).find((each) => severities.includes(each));
  return worst === undefined
    ? { sound: true, seen: `${parent} is shared with ${names}, each with its own instance_id` }
    : { sound: false, severity: worst, seen: `${parent} is the parent of ${names} as well` };
}

export const driverParentUnique = defineCheck({
  id: 'driver-parent-unique',
  category: 'validation',
  severity: 'medium',
  component: 'driver',
  title: 'Volumes of one deployment of a driver can be told from those of another',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['installations', 'driverSecrets'],
  consults: [],
  steps: [
    'Give every deployment an `instance_id` of its own and upgrade the releases: volumes made from then on say whose they are.',
    'Register every cluster that uses the parent with this tool, and let no clean-up tool that knows one cluster only near it.',
    'Better still, make a parent dataset for each deployment, such as `tank/k8s/CLUSTER/nfs`, and name it in `zfs.datasetParentName`. Keep the old deployment with its old parent until its last volume is gone: volumes are looked for below the parent that is configured now.',
  ],

  *inspect({ installations }) {
    const all = installations.flatMap(({ secrets }) => secrets);
    yield* inspectSecrets(all, (secret) => judge(secret, all));
  },
});
