import { clusterItems } from '../../correlate/derive.ts';
import { type PersistentVolume, type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refToClaim, refToVolume } from '../../model/subjects.ts';
import { type ClaimItem } from '../../render/wire/kubernetes-list-schema.ts';
import { placesBehind, toBackend } from './backend.ts';
import { type Listed } from './listed.ts';
import { aboutObject, approximation, bytesIn, keysOfObject, type Row } from './row-parts.ts';

/** Clusters whose pods were all read: in the others a claim may have users that nobody saw. */
function clustersWithPods({ inventory }: Listed['seen']): ReadonlySet<string> {
  return new Set(
    inventory.clusters
      .filter(({ lists }) => lists.pods?.coverage.state === 'complete')
      .map(({ identity }) => identity.name),
  );
}

function volumeOf(
  { cluster, volumeName }: PersistentVolumeClaim,
  { volumes }: Listed,
): PersistentVolume | undefined {
  return volumeName === null ? undefined : volumes.get(cluster, volumeName);
}

/** What is said of the claim, and of the volume it is bound to. */
function findingsOn(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume | undefined,
  { seen, findings }: Listed,
): string[] {
  const refs: ResourceRef[] = [refToClaim(claim)];
  if (volume === undefined) return findings.of(refs, []);
  const places = placesBehind(seen.derived.volumeLinks.backendOf(volume));
  return findings.of([...refs, refToVolume(volume)], places);
}

/** PersistentVolumeClaims, each with who mounts it and the dataset behind its volume. */
export function* claimRows(listed: Listed): Iterable<Row<ClaimItem>> {
  const { inventory, derived } = listed.seen;
  const { volumeLinks: links, claimUse } = derived;
  const seenPods = clustersWithPods(listed.seen);
  for (const claim of clusterItems(inventory, 'persistentVolumeClaims')) {
    const volume = volumeOf(claim, listed);
    const { requested, capacity } = claim;
    yield [
      keysOfObject(claim),
      {
        name: claim.name,
        cluster: claim.cluster,
        namespace: claim.namespace,
        phase: claim.phase,
        storage_class: claim.storageClass,
        volume: claim.volumeName,
        requested_bytes: bytesIn(requested),
        capacity_bytes: bytesIn(capacity),
        ...approximation(requested, capacity),
        resizing: claim.resizing,
        pods: seenPods.has(claim.cluster) ? claimUse.podsOf(claim).map(({ name }) => name) : null,
        backend: volume === undefined ? null : toBackend(volume, links.backendOf(volume), links),
        ...aboutObject(claim, findingsOn(claim, volume, listed)),
      },
    ];
  }
}
