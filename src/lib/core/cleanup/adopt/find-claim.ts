import { clusterItems } from '../../correlate/derive.ts';
import { leafName } from '../../correlate/paths.ts';
import { type Evidence } from '../../correlate/correlate.ts';
import { type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type AdoptionRequest, type ClaimName, notAdopted } from './adoption.ts';

const OBJECT_NAME = /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/;

/** The name the volume had: its driver noted it, or called the dataset so. */
export function volumeName({ id, properties }: Dataset): string {
  const name = properties.csiVolumeName ?? leafName(id);
  if (OBJECT_NAME.test(name)) return name;
  throw notAdopted(
    id,
    `${JSON.stringify(name)} is no name for a PersistentVolume`,
    'Write its manifest by hand: nothing says what its volume was called.',
  );
}

/** Whose volume it is to be. */
export function claimName({ claim, dataset: id }: AdoptionRequest, dataset: Dataset): ClaimName {
  const name = claim ?? dataset.properties.claim;
  if (name !== null) return name;
  throw notAdopted(
    id,
    'nothing on it says whose claim it was',
    'Name the claim that is to have it: --claim NAMESPACE/NAME.',
  );
}

/** That neither the name nor the handle is another volume's in that cluster. */
export function refuseTaken(
  dataset: Dataset,
  wanted: {
    readonly cluster: string;
    readonly name: string;
    readonly driver: string;
    readonly handle: string;
  },
  { inventory }: Evidence,
): void {
  const { cluster, name, driver, handle } = wanted;
  for (const pv of clusterItems(inventory, 'persistentVolumes')) {
    if (pv.cluster !== cluster) continue;
    const { source } = pv;
    const sameHandle =
      source.kind === 'csi' && source.driver === driver && source.handle === handle;
    if (!sameHandle && pv.name !== name) continue;
    throw notAdopted(
      dataset.id,
      sameHandle
        ? `PersistentVolume ${pv.name} of cluster ${cluster} has its handle ${handle}`
        : `cluster ${cluster} has another PersistentVolume ${name}`,
      'Find out what that volume is: explain shows its chain.',
    );
  }
}

/** The claim, where it is there and has lost this very volume; null where it is to be made. Refuses one that has, or may yet get, another volume. */
export function claimThatWaits(
  dataset: Dataset,
  {
    cluster,
    name,
    claim,
  }: { readonly cluster: string; readonly name: string; readonly claim: ClaimName },
  { inventory }: Evidence,
): PersistentVolumeClaim | null {
  const found = clusterItems(inventory, 'persistentVolumeClaims').find(
    (each) =>
      each.cluster === cluster && each.namespace === claim.namespace && each.name === claim.name,
  );
  if (found === undefined) return null;
  if (found.volumeName === name) return found;
  const has =
    found.volumeName === null ? 'waits for a new volume' : `has volume ${found.volumeName}`;
  throw notAdopted(
    dataset.id,
    `claim ${claim.namespace}/${claim.name} of cluster ${cluster} is there already and ${has}`,
    'Delete that claim if nobody needs it, or name another with --claim NAMESPACE/NAME.',
  );
}
