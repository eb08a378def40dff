import { snapshotDates } from '../../analysis/snapshot-dates.ts';
import { BySystem } from '../../correlate/by-system.ts';
import { systemItems } from '../../correlate/derive.ts';
import { refToSnapshot } from '../../model/subjects.ts';
import { type ZfsSnapshot } from '../../model/truenas.ts';
import { type ZfsSnapshotItem } from '../../render/wire/truenas-list-schema.ts';
import { namespaceOfDataset, usersOf } from './dataset-users.ts';
import { type Listed } from './listed.ts';
import { approximation, bytesIn, iso, keysOnSystem, type Row } from './row-parts.ts';

/** Namespaces of the datasets that belong to one. */
function namespaces(listed: Listed): BySystem<string> {
  const known = new BySystem<string>();
  for (const dataset of systemItems(listed.seen.inventory, 'datasets')) {
    const namespace = namespaceOfDataset(dataset, usersOf(dataset, listed));
    if (namespace !== null) known.set(dataset.system, dataset.id, namespace);
  }
  return known;
}

function toHolds(details: ZfsSnapshot['details']): string[] | null {
  const holds = details?.holds ?? null;
  return holds === null ? null : [...holds];
}

function toItem(
  snapshot: ZfsSnapshot,
  takenAt: Date | null,
  { seen: { derived }, findings }: Listed,
): ZfsSnapshotItem {
  const { system, id, name, dataset, details } = snapshot;
  const { snapshotLinks, volumeLinks } = derived;
  const claimed = snapshotLinks.isClaimed(snapshot);
  return {
    name: id,
    system,
    dataset,
    claimed,
    claimed_by: claimed ? (snapshotLinks.claimantOf(name) ?? null) : null,
    used_bytes: bytesIn(details?.used),
    referenced_bytes: bytesIn(details?.referenced),
    ...approximation(details?.used, details?.referenced),
    holds: toHolds(details),
    clones: volumeLinks.clonesOfSnapshot(system, id).map((clone) => clone.id),
    created_at: iso(takenAt),
    finding_ids: findings.of([refToSnapshot(snapshot)], [{ system, path: id }]),
  };
}

/** ZFS snapshots, each with who counts on it. A snapshot belongs to the namespace of its dataset. */
export function* zfsSnapshotRows(listed: Listed): Iterable<Row<ZfsSnapshotItem>> {
  const known = namespaces(listed);
  const dates = snapshotDates(listed.seen);
  for (const snapshot of systemItems(listed.seen.inventory, 'zfsSnapshots')) {
    const takenAt = dates(snapshot);
    const { system, dataset } = snapshot;
    yield [
      keysOnSystem(system, known.get(system, dataset) ?? null, takenAt),
      toItem(snapshot, takenAt, listed),
    ];
  }
}
