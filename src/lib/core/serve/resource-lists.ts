import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type PersistentVolume } from '../model/kubernetes.ts';
import { type ResourceList } from './served-scan.ts';
import { type Seen } from './compose-scan.ts';
import { type RowKeys, type ServedRows, servedRows } from './served-rows.ts';

function keysOf(volume: PersistentVolume): RowKeys {
  return {
    namespace: volume.claim?.namespace ?? null,
    labels: volume.labels,
    createdAt: volume.createdAt?.getTime() ?? null,
    home: volume.cluster,
  };
}

/** The lists of what a scan saw. */
export function listsOf({
  inventory,
}: Pick<Seen, 'inventory'>): Readonly<Partial<Record<ResourceList, ServedRows>>> {
  const volumes = inventory.clusters.flatMap(({ lists }) => lists.persistentVolumes?.items ?? []);
  return {
    'resources/pvs': servedRows(
      volumes.map((each) => [keysOf(each), { name: each.name, cluster: each.cluster }] as const),
      utf8ToBytes,
    ),
  };
}
