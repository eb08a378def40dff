import { type DriverSecret } from '../../model/kubernetes.ts';
import { areOnOneServer } from '../checks/driver-home.ts';
import { isBlockKind } from '../checks/driver-kinds.ts';
import { inspectSecrets, type SecretJudgement } from '../checks/inspect-secrets.ts';
import { defineCheck } from '../define-check.ts';

/** Names of SMB shares and targets are one set for a whole NAS; datasets lie apart where their parents do. */
function mayCollide(one: DriverSecret, other: DriverSecret): boolean {
  if (one.cluster === other.cluster || !areOnOneServer(one, other)) return false;
  if (one.parent !== null && one.parent === other.parent) return true;
  const sameAssets =
    one.kind === other.kind && (isBlockKind(one.kind) || one.kind.endsWith('-smb'));
  return (
    sameAssets &&
    one.settings.namePrefix === other.settings.namePrefix &&
    one.settings.nameSuffix === other.settings.nameSuffix
  );
}

function judge(secret: DriverSecret, all: readonly DriverSecret[]): SecretJudgement {
  const { handleRule } = secret;
  if (handleRule === 'name') return { sound: true, seen: 'volumes are called as Kubernetes says' };
  const made = handleRule === 'hash' ? 'a hash' : 'a template';
  const others = all
    .filter((other) => mayCollide(secret, other))
    .map(({ namespace, name, cluster }) => `${namespace}/${name} of ${cluster}`)
    .toSorted();
  if (others.length === 0) {
    return { sound: true, seen: `names of volumes are made by ${made}, in a place of their own` };
  }
  return {
    sound: false,
    seen: `names of volumes are made by ${made}, and may be those of ${others.join(', ')}`,
  };
}

export const driverHandleTemplate = defineCheck({
  id: 'driver-handle-template',
  category: 'validation',
  severity: 'low',
  component: 'driver',
  title: 'Names of volumes cannot be the same in two clusters',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['installations', 'driverSecrets'],
  consults: [],
  steps: [
    'Take `_private.csi.volume.idTemplate` and `idHash` out of the configuration of the driver: volumes made before keep their names.',
    'Or give each cluster a parent of its own, and for SMB, iSCSI and NVMe-oF a `namePrefix` or `nameSuffix` of its own.',
  ],

  *inspect({ installations }) {
    const all = installations.flatMap(({ secrets }) => secrets);
    yield* inspectSecrets(all, (secret) => judge(secret, all));
  },
});
