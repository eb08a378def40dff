import { type JsonObject } from '../change.ts';
import { type AdoptionSubject, notAdopted } from './adoption.ts';

const PREFIX = 'csi.storage.k8s.io/';

/** Fields of `spec.csi`, by the parameters of the class they come from. */
const REFS = {
  'controller-publish': 'controllerPublishSecretRef',
  'controller-expand': 'controllerExpandSecretRef',
  'node-stage': 'nodeStageSecretRef',
  'node-publish': 'nodePublishSecretRef',
  'node-expand': 'nodeExpandSecretRef',
} as const;

const DELETION = 'volume.kubernetes.io/provisioner-deletion-secret';
const VARIABLE = /\$\{([^}]*)\}/g;

/** A parameter with what the provisioner puts into it; refuses what would come from annotations of a claim that is gone. */
function filled(text: string, { dataset, name, claim, storageClass }: AdoptionSubject): string {
  const values: Readonly<Record<string, string>> = {
    'pv.name': name,
    'pvc.name': claim.name,
    'pvc.namespace': claim.namespace,
  };
  return text.replace(VARIABLE, (whole, variable: string) => {
    const value = values[variable];
    if (value !== undefined) return value;
    throw notAdopted(
      dataset.id,
      `StorageClass ${storageClass.name} makes the name of a Secret of ${whole}, which is not known any more`,
      'Use a StorageClass that names its Secrets with --storage-class, and put the right ones into the manifest.',
    );
  });
}

interface SecretName {
  readonly name: string;
  readonly namespace: string;
}

function secretFor(step: string, subject: AdoptionSubject): SecretName | undefined {
  const { parameters } = subject.storageClass;
  const name = parameters[`${PREFIX}${step}-secret-name`];
  const namespace = parameters[`${PREFIX}${step}-secret-namespace`];
  if (name === undefined || namespace === undefined) return undefined;
  return { name: filled(name, subject), namespace: filled(namespace, subject) };
}

/** The Secrets that the driver is given with each call, as the provisioner would write them into the volume. */
export function secretRefs(subject: AdoptionSubject): JsonObject {
  const refs: JsonObject = {};
  for (const [step, field] of Object.entries(REFS)) {
    const secret = secretFor(step, subject);
    if (secret !== undefined) refs[field] = { ...secret };
  }
  return refs;
}

/** With which Secret the driver will once delete the volume. */
export function deletionAnnotations(subject: AdoptionSubject): Record<string, string> {
  const secret = secretFor('provisioner', subject);
  return secret === undefined
    ? {}
    : { [`${DELETION}-name`]: secret.name, [`${DELETION}-namespace`]: secret.namespace };
}
