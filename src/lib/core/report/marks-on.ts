import { type Finding } from '../model/finding.ts';
import { type ClusterInventory, type Inventory } from '../model/inventory.ts';
import { type ObjectMeta } from '../model/kubernetes.ts';
import { type DatasetPlace, type ResourceRef, type ResourceType } from '../model/resource-ref.ts';

/** What a finding carries of its object that may ask for silence. */
type Carried = Pick<Finding, 'labels' | 'annotations' | 'place'>;

const NOTHING: Carried = { labels: {}, annotations: {}, place: null };

/** Lists of objects with labels and annotations, by the type a check calls them. */
const LISTS = {
  PersistentVolume: 'persistentVolumes',
  PersistentVolumeClaim: 'persistentVolumeClaims',
  VolumeSnapshot: 'volumeSnapshots',
  VolumeSnapshotContent: 'volumeSnapshotContents',
  VolumeAttachment: 'volumeAttachments',
  StorageClass: 'storageClasses',
  VolumeSnapshotClass: 'volumeSnapshotClasses',
  CsiDriver: 'csiDrivers',
  Node: 'nodes',
  Pod: 'pods',
  Namespace: 'namespaces',
  Lease: 'leases',
} as const satisfies Partial<Record<ResourceType, keyof ClusterInventory['lists']>>;

function listOf(
  { lists }: ClusterInventory,
  type: ResourceType,
): readonly (Pick<ObjectMeta, 'name'> & Partial<ObjectMeta>)[] {
  if (!Object.hasOwn(LISTS, type)) return [];
  return lists[LISTS[type as keyof typeof LISTS]]?.items ?? [];
}

/** The dataset whose property speaks for an object of TrueNAS: its own, or that of the pool. */
function placeOf({
  system,
  type,
  name,
}: ResourceRef & { location: 'truenas' }): DatasetPlace | null {
  const isAPlace = type === 'Dataset' || type === 'Zvol' || type === 'Pool';
  if (isAPlace) return { system, path: name };
  return type === 'ZfsSnapshot' ? { system, path: name.split('@', 1)[0] ?? name } : null;
}

/**
 * What is written on the object of a check. Rules take it along with what they judge; checks look at so many kinds of object that
 * it is looked up here, for the few that fail.
 */
export function carriedBy(ref: ResourceRef, { clusters }: Inventory): Carried {
  if (ref.location === 'truenas') return { ...NOTHING, place: placeOf(ref) };
  const cluster = clusters.find(({ identity }) => identity.name === ref.cluster);
  if (cluster === undefined) return NOTHING;
  const object = listOf(cluster, ref.type).find(
    ({ name, namespace }) => name === ref.name && (namespace ?? null) === ref.namespace,
  );
  return {
    labels: object?.labels ?? {},
    annotations: object?.annotations ?? {},
    place: null,
  };
}
