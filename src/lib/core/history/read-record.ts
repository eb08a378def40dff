import { type Bytes, bytes } from '../model/units.ts';
import { type Estate, type HistoryRecord, type SpacePoint } from '../model/history.ts';
import { type HistoryRecordWire } from '../render/wire/history-schema.ts';

type Wire<K extends HistoryRecordWire['record']> = Extract<HistoryRecordWire, { record: K }>;

const READERS: {
  readonly [K in HistoryRecordWire['record']]: (wire: Wire<K>) => HistoryRecord;
} = {
  scan: ({ at, clusters, systems }) => ({ kind: 'scan', at: new Date(at), clusters, systems }),
  pool: (wire) => ({
    kind: 'pool',
    hostId: wire.host_id,
    pool: wire.pool,
    name: wire.name,
    point: { ...pointOf(wire), capacity: bytes(wire.capacity_bytes) },
  }),
  class: (wire) => ({
    kind: 'class',
    clusterUid: wire.cluster_uid,
    storageClass: wire.storage_class,
    volumes: wire.volumes,
    point: pointOf(wire),
  }),
  volume: (wire) => ({
    kind: 'volume',
    hostId: wire.host_id,
    dataset: wire.dataset,
    createdAt: instantOf(wire.created_at),
    clusterUid: wire.cluster_uid,
    volume: wire.volume,
    namespace: wire.namespace,
    claim: wire.claim,
    storageClass: wire.storage_class,
    point: pointOf(wire),
  }),
  finding: (wire) => ({
    kind: 'finding',
    id: wire.id,
    rule: wire.rule,
    category: wire.category,
    severity: wire.severity,
    subject: wire.subject,
    scope: wire.scope,
    reclaimable: bytes(wire.reclaimable_bytes),
    suppressed: wire.suppressed,
    openedAt: new Date(wire.opened_at),
    lastSeenAt: new Date(wire.last_seen_at),
    closedAt: instantOf(wire.closed_at),
    estate: wire.estate satisfies Estate,
  }),
  report: ({ at, estate }) => ({ kind: 'report', at: new Date(at), estate }),
};

/** A record of the wire form in the words of core. */
export function recordOf<K extends HistoryRecordWire['record']>(wire: Wire<K>): HistoryRecord {
  const read: (wire: Wire<K>) => HistoryRecord = READERS[wire.record];
  return read(wire);
}

function pointOf(
  wire: Omit<Wire<'class'>, 'record' | 'cluster_uid' | 'storage_class' | 'volumes'>,
): SpacePoint {
  return {
    at: new Date(wire.at),
    used: bytes(wire.used_bytes),
    snapshots: bytes(wire.snapshots_bytes),
    logical: sizeOf(wire.logical_bytes),
    provisioned: bytes(wire.provisioned_bytes),
    snapshotCount: wire.snapshot_count,
  };
}

function sizeOf(size: number | null): Bytes | null {
  return size === null ? null : bytes(size);
}

function instantOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
