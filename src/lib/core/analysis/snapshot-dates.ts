import { systemItems } from '../correlate/derive.ts';
import { type DerivedTypes } from '../model/evidence.ts';
import { type Inventory } from '../model/inventory.ts';
import { type ZfsSnapshot } from '../model/truenas.ts';
import { elapsed, type Millis } from '../model/units.ts';
import { type NameReader, readerOf } from './naming-schema.ts';

/** When a snapshot was taken, as far as anything tells; null where nothing does. */
export type SnapshotDates = (snapshot: ZfsSnapshot) => Date | null;

/** What dates are known by. */
interface Dated {
  readonly inventory: Inventory;
  readonly derived: Pick<DerivedTypes, 'snapshotLinks'>;
}

/** How the snapshot tasks of each system call what they make. */
function namesBySystem({
  inventory,
}: Pick<Dated, 'inventory'>): ReadonlyMap<string, readonly NameReader[]> {
  const tasks = systemItems(inventory, 'snapshotTasks');
  return new Map(
    [...Map.groupBy(tasks, ({ system }) => system)].map(([system, own]) => {
      const schemas = new Set(own.flatMap(({ naming }) => naming ?? []));
      return [system, [...schemas].flatMap((schema) => readerOf(schema) ?? [])];
    }),
  );
}

/**
 * The cheap listing of snapshots has no dates. What was looked up tells its own, a VolumeSnapshot that stands behind one tells
 * when it was made, and the names of periodic snapshots hold theirs.
 */
export function snapshotDates(evidence: Dated): SnapshotDates {
  const { snapshotLinks } = evidence.derived;
  const names = namesBySystem(evidence);
  return ({ system, name, details }) => {
    const known = details?.createdAt ?? snapshotLinks.takenAt(name);
    if (known !== null) return known;
    for (const read of names.get(system) ?? []) {
      const date = read(name);
      if (date !== undefined) return date;
    }
    return null;
  };
}

/** Whether a snapshot is kept for longer than snapshots are to be. */
export function isBeyondRetention(takenAt: Date, retention: Millis, now: Date): boolean {
  return elapsed(takenAt, now) > retention;
}
