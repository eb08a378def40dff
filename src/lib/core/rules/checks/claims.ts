import { type PersistentVolumeClaim, type StorageClass } from '../../model/kubernetes.ts';
import { type SubjectFacts } from '../../model/rule.ts';
import { bytes } from '../../model/units.ts';
import { isApproximate } from './facts.ts';

/** Written on a claim by the volume controller as soon as a provisioner is asked. */
const PROVISIONER_ANNOTATIONS = [
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
] as const;

/** The driver that is, or would be, asked for a claim's volume. */
export function provisionerOf(
  claim: PersistentVolumeClaim,
  classes: readonly StorageClass[],
): string | undefined {
  for (const annotation of PROVISIONER_ANNOTATIONS) {
    const provisioner = claim.annotations[annotation];
    if (provisioner !== undefined) return provisioner;
  }
  return classes.find(({ name }) => name === claim.storageClass)?.provisioner;
}

/** What a claim says of itself. */
export function claimFacts(claim: PersistentVolumeClaim): Omit<SubjectFacts, 'remedy'> {
  return {
    createdAt: claim.createdAt,
    size: (claim.capacity ?? claim.requested)?.bytes ?? null,
    reclaimable: bytes(0),
    approximate: isApproximate(claim.capacity, claim.requested),
    storageClass: claim.storageClass,
    labels: claim.labels,
    annotations: claim.annotations,
    truenasReference: null,
    kubernetesReference: `${claim.namespace}/${claim.name}`,
  };
}
