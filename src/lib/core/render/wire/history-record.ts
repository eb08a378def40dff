import { type HistoryRecord, type SpacePoint } from '../../model/history.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { type HistoryHeaderWire, type HistoryRecordWire } from './history-schema.ts';

/** The first line of an export. */
export function historyHeader(exportedAt: Date): HistoryHeaderWire {
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'HistoryExport',
    exported_at: exportedAt.toISOString(),
  };
}

type SpaceWire = Pick<
  Extract<HistoryRecordWire, { record: 'class' }>,
  'at' | 'used_bytes' | 'snapshots_bytes' | 'logical_bytes' | 'provisioned_bytes' | 'snapshot_count'
>;

function toSpace(point: SpacePoint): SpaceWire {
  return {
    at: point.at.toISOString(),
    used_bytes: point.used,
    snapshots_bytes: point.snapshots,
    logical_bytes: point.logical,
    provisioned_bytes: point.provisioned,
    snapshot_count: point.snapshotCount,
  };
}

type OfKind<K extends HistoryRecord['kind']> = Extract<HistoryRecord, { readonly kind: K }>;

const WRITERS: { readonly [K in HistoryRecord['kind']]: (record: OfKind<K>) => HistoryRecordWire } =
  {
    scan: ({ at, clusters, systems }) => ({
      record: 'scan',
      at: at.toISOString(),
      clusters: [...clusters],
      systems: [...systems],
    }),
    pool: ({ hostId, pool, name, point }) => ({
      record: 'pool',
      host_id: hostId,
      pool,
      name,
      ...toSpace(point),
      capacity_bytes: point.capacity,
    }),
    class: ({ clusterUid, storageClass, volumes, point }) => ({
      record: 'class',
      cluster_uid: clusterUid,
      storage_class: storageClass,
      volumes,
      ...toSpace(point),
    }),
    volume: (record) => ({
      record: 'volume',
      host_id: record.hostId,
      dataset: record.dataset,
      created_at: record.createdAt?.toISOString() ?? null,
      cluster_uid: record.clusterUid,
      volume: record.volume,
      namespace: record.namespace,
      claim: record.claim,
      storage_class: record.storageClass,
      ...toSpace(record.point),
    }),
    finding: (record) => ({
      record: 'finding',
      id: record.id,
      rule: record.rule,
      category: record.category,
      severity: record.severity,
      subject: record.subject,
      scope: record.scope,
      reclaimable_bytes: record.reclaimable,
      suppressed: record.suppressed,
      opened_at: record.openedAt.toISOString(),
      last_seen_at: record.lastSeenAt.toISOString(),
      closed_at: record.closedAt?.toISOString() ?? null,
      estate: { clusters: [...record.estate.clusters], systems: [...record.estate.systems] },
    }),
    report: ({ at, estate }) => ({
      record: 'report',
      at: at.toISOString(),
      estate: { clusters: [...estate.clusters], systems: [...estate.systems] },
    }),
  };

export function recordToWire<K extends HistoryRecord['kind']>(
  record: OfKind<K>,
): HistoryRecordWire {
  const write: (record: OfKind<K>) => HistoryRecordWire = WRITERS[record.kind];
  return write(record);
}
