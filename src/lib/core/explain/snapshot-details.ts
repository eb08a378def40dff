import { type Inventory } from '../model/inventory.ts';
import { type Dataset, type ZfsSnapshot } from '../model/truenas.ts';

/** What a look at single snapshots brought. */
interface SnapshotLook {
  readonly found: ReadonlyMap<string, ZfsSnapshot>;
  readonly absent: ReadonlySet<string>;
}

/**
 * The inventory with the snapshots as they were found one by one, by system. What could not be looked up stays as it was listed:
 * it is there, and only its details are not known.
 */
export function withSnapshotDetails(
  inventory: Inventory,
  looks: ReadonlyMap<string, SnapshotLook>,
): Inventory {
  return {
    ...inventory,
    systems: inventory.systems.map((system) => {
      const { zfsSnapshots } = system.lists;
      const look = looks.get(system.identity.name);
      if (zfsSnapshots === undefined || look === undefined) return system;
      const items = zfsSnapshots.items
        .filter(({ id }) => !look.absent.has(id))
        .map((snapshot) => look.found.get(snapshot.id) ?? snapshot);
      return { ...system, lists: { ...system.lists, zfsSnapshots: { ...zfsSnapshots, items } } };
    }),
  };
}

/** The inventory with what else uses the datasets that were asked about, by system and path; all else stays as it was listed. */
export function withAttachments(
  inventory: Inventory,
  found: ReadonlyMap<string, ReadonlyMap<string, Dataset>>,
): Inventory {
  return {
    ...inventory,
    systems: inventory.systems.map((system) => {
      const { datasets } = system.lists;
      const looked = found.get(system.identity.name);
      if (datasets === undefined || looked === undefined) return system;
      const items = datasets.items.map((dataset) => {
        const attachments = looked.get(dataset.id)?.attachments;
        return attachments === undefined ? dataset : { ...dataset, attachments };
      });
      return { ...system, lists: { ...system.lists, datasets: { ...datasets, items } } };
    }),
  };
}
