import { ListsBySystem } from '../correlate/by-system.ts';
import { type ZfsSnapshot } from '../model/truenas.ts';
import { type Measurable } from './measured.ts';

/** ZFS snapshots by dataset; of a system whose list is not whole nothing is known. */
export interface SnapshotsByDataset {
  /** Undefined where the system's snapshots were not all listed. */
  of(system: string, dataset: string): readonly ZfsSnapshot[] | undefined;
}

export function snapshotsByDataset({
  inventory,
}: Pick<Measurable, 'inventory'>): SnapshotsByDataset {
  const listed = new Set<string>();
  const lists = new ListsBySystem<ZfsSnapshot>();
  for (const { identity, lists: each } of inventory.systems) {
    if (each.zfsSnapshots?.coverage.state !== 'complete') continue;
    listed.add(identity.name);
    for (const snapshot of each.zfsSnapshots.items) {
      lists.add(snapshot.system, snapshot.dataset, snapshot);
    }
  }
  return {
    of: (system, dataset) => (listed.has(system) ? lists.get(system, dataset) : undefined),
  };
}
