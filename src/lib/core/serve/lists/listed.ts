import { BySystem } from '../../correlate/by-system.ts';
import { clusterItems } from '../../correlate/derive.ts';
import { type DerivedTypes } from '../../model/evidence.ts';
import { type FullReport } from '../../model/full-report.ts';
import { type Inventory } from '../../model/inventory.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type FindingIds } from './finding-ids.ts';

/** What a scan saw and joined. */
export interface Seen {
  readonly inventory: Inventory;
  readonly derived: Pick<
    DerivedTypes,
    'volumeLinks' | 'snapshotLinks' | 'exports' | 'parents' | 'marks' | 'claimUse'
  >;
}

/** What lists are made of. */
export interface Listed {
  readonly seen: Seen;
  readonly full: FullReport;
  readonly findings: FindingIds;
  /** By cluster and name. */
  readonly volumes: BySystem<PersistentVolume>;
}

/** Volumes by their names, for those that only name them. */
export function volumesByName(inventory: Inventory): BySystem<PersistentVolume> {
  const volumes = new BySystem<PersistentVolume>();
  for (const volume of clusterItems(inventory, 'persistentVolumes')) {
    volumes.set(volume.cluster, volume.name, volume);
  }
  return volumes;
}
