import { type PersistentVolume, type PersistentVolumeClaim } from '../model/kubernetes.ts';
import { type Inventory, type ListSource } from '../model/inventory.ts';

/** Where whoever counts on a volume is seen. */
export const COUNTED_ON_LISTS = [
  'persistentVolumeClaims',
  'volumeAttachments',
] as const satisfies readonly ListSource[];

function isClaimOf({ name, claim: ref }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (
    claim.volumeName === name ||
    (claim.namespace === ref?.namespace &&
      claim.name === ref.name &&
      (ref.uid === null || ref.uid === claim.uid))
  );
}

/**
 * Who counts on a volume, in words, whatever the phase of the volume says: phases lag behind, and a restored cluster has old ones.
 * Undefined where nobody does.
 */
export function whoCountsOn(
  volume: PersistentVolume,
  { clusters }: Pick<Inventory, 'clusters'>,
): string | undefined {
  const lists = clusters.find(({ identity }) => identity.name === volume.cluster)?.lists;
  const claim = lists?.persistentVolumeClaims?.items.find((each) => isClaimOf(volume, each));
  if (claim !== undefined) return `claim ${claim.namespace}/${claim.name} counts on it`;
  const isAttached = lists?.volumeAttachments?.items.some(
    ({ volumeName }) => volumeName === volume.name,
  );
  return isAttached === true ? 'it is attached to a node' : undefined;
}
