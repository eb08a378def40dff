import { ownBytes } from '../../analysis/measured.ts';
import { snapshotsByDataset, type SnapshotsByDataset } from '../../analysis/snapshot-counts.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { systemItems } from '../../correlate/derive.ts';
import { refToDataset } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type DatasetItem } from '../../render/wire/truenas-list-schema.ts';
import { namespaceOfDataset, usersOf } from './dataset-users.ts';
import { type Listed } from './listed.ts';
import { approximation, bytesIn, iso, keysOnSystem, type Row } from './row-parts.ts';

function toExports(dataset: Dataset, exports: ExportIndex): DatasetItem['exports'] {
  return [
    ...exports.nfsSharesOf(dataset).map(({ path, enabled }) => ({
      type: 'NfsShare' as const,
      name: path,
      enabled,
      targets: [],
    })),
    ...exports.smbSharesOf(dataset).map(({ name, enabled }) => ({
      type: 'SmbShare' as const,
      name,
      enabled,
      targets: [],
    })),
    ...exports.extentsOf(dataset).map(({ extent, targets }) => ({
      type: 'IscsiExtent' as const,
      name: extent.name,
      enabled: extent.enabled,
      targets: targets.map(({ name }) => name),
    })),
    ...exports.namespacesOf(dataset).map(({ namespace }) => ({
      type: 'NvmetNamespace' as const,
      name: namespace.devicePath,
      enabled: namespace.enabled,
      targets: [namespace.subsystem],
    })),
  ];
}

function toQuarantine(
  { system, id }: Dataset,
  { derived }: Listed['seen'],
): DatasetItem['quarantine'] {
  const quarantine = derived.marks.quarantineAt(system, id);
  if (quarantine === undefined) return null;
  return { since: iso(quarantine.since), plan: quarantine.planId };
}

/** What was made as a volume, is used as one, was put aside, or has something said of it. */
function isListed(dataset: Dataset, { seen: { derived }, findings }: Listed): boolean {
  const { system, id } = dataset;
  const { volumeLinks, marks } = derived;
  return (
    volumeLinks.isManaged(dataset) ||
    volumeLinks.isUsed(dataset) ||
    marks.quarantines.some(({ root }) => root === dataset) ||
    findings.of([refToDataset(dataset)], [{ system, path: id }]).length > 0
  );
}

function toItem(
  dataset: Dataset,
  users: DatasetItem['users'],
  snapshots: SnapshotsByDataset,
  { seen, findings }: Listed,
): DatasetItem {
  const { system, id, usedByDataset, used, usedBySnapshots, available } = dataset;
  return {
    name: id,
    system,
    pool: dataset.pool,
    kind: dataset.kind,
    managed: seen.derived.volumeLinks.isManaged(dataset),
    used_bytes: ownBytes(dataset),
    snapshot_bytes: bytesIn(usedBySnapshots),
    provisioned_bytes: bytesIn(dataset.volsize ?? dataset.refquota),
    available_bytes: bytesIn(available),
    ...approximation(
      usedByDataset ?? used,
      usedBySnapshots,
      dataset.volsize ?? dataset.refquota,
      available,
    ),
    compression_ratio: dataset.compressRatio,
    mountpoint: dataset.mountpoint,
    locked: dataset.locked,
    readonly: dataset.readonly,
    origin: dataset.origin,
    snapshots: snapshots.of(system, id)?.length ?? null,
    users,
    exports: toExports(dataset, seen.derived.exports),
    quarantine: toQuarantine(dataset, seen),
    created_at: iso(dataset.createdAt),
    finding_ids: findings.of([refToDataset(dataset)], [{ system, path: id }]),
  };
}

/** Datasets and zvols that are volumes, or were, each with who uses it and what exports it. */
export function* datasetRows(listed: Listed): Iterable<Row<DatasetItem>> {
  const snapshots = snapshotsByDataset(listed.seen);
  for (const dataset of systemItems(listed.seen.inventory, 'datasets')) {
    if (!isListed(dataset, listed)) continue;
    const users = usersOf(dataset, listed);
    yield [
      keysOnSystem(dataset.system, namespaceOfDataset(dataset, users), dataset.createdAt),
      toItem(dataset, users, snapshots, listed),
    ];
  }
}
