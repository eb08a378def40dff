import { type Installation } from '../../correlate/installations.ts';
import { type StorageClass } from '../../model/kubernetes.ts';
import { refToStorageClass } from '../../model/subjects.ts';
import { SECRET_PURPOSES, secretParameter } from '../checks/class-parameters.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function halvesOf({ parameterNames }: StorageClass, purpose: string): readonly string[] {
  return (['name', 'namespace'] as const)
    .map((part) => secretParameter(purpose, part))
    .filter((name) => parameterNames.includes(name));
}

/** Whether targets of this driver want a password, as far as its configuration says. */
function wantsChap({ secrets }: Installation): boolean {
  return secrets.some(
    ({ kind, settings }) =>
      kind.endsWith('-iscsi') &&
      settings.targetGroups.some(({ authMethod }) => authMethod?.startsWith('CHAP') === true),
  );
}

function inspectSecretsOf(
  storageClass: StorageClass,
  installation: Installation,
): Omit<Inspection, 'subject'> {
  const half = SECRET_PURPOSES.map((purpose) => halvesOf(storageClass, purpose)).find(
    ({ length }) => length === 1,
  );
  if (half !== undefined) {
    return {
      sound: false,
      severity: 'high',
      seen: `${half.join()} stands alone: a secret has a name and a namespace, and no volume can be made`,
    };
  }
  const named = SECRET_PURPOSES.filter((purpose) => halvesOf(storageClass, purpose).length === 2);
  if (
    wantsChap(installation) &&
    !named.some((purpose) => /^(?:node-stage-)?secret$/.test(purpose))
  ) {
    return {
      sound: false,
      seen: 'targets of its driver want CHAP, and it names no node-stage-secret: nodes cannot log in, unless their own iscsid.conf has the password',
    };
  }
  return {
    sound: true,
    seen: named.length === 0 ? 'it names no secrets' : `it names ${named.join(', ')}`,
  };
}

export const storageClassSecrets = defineCheck({
  id: 'storage-class-secrets',
  category: 'validation',
  severity: 'low',
  component: 'storage-class',
  title: 'Classes name the secrets their volumes need',
  scope: 'cluster',
  subjects: ['StorageClass'],
  requires: ['storageClasses', 'installations'],
  consults: [],
  steps: [
    'Make a Secret with the keys `node-db.node.session.auth.authmethod`, `node-db.node.session.auth.username` and `node-db.node.session.auth.password` in the namespace of the driver.',
    'Name it by both `csi.storage.k8s.io/node-stage-secret-name` and `csi.storage.k8s.io/node-stage-secret-namespace`; the chart does so for `storageClasses[].secrets.node-stage-secret`.',
    'Parameters cannot be changed in place: delete the class and make it again. Volumes made before name no secret, and have to be made again too.',
  ],

  *inspect({ storageClasses, installations }) {
    for (const each of storageClasses) {
      const installation = installations.find(
        ({ cluster, driver }) => cluster === each.cluster && driver === each.provisioner,
      );
      if (installation === undefined) continue;
      yield { subject: refToStorageClass(each), ...inspectSecretsOf(each, installation) };
    }
  },
});
