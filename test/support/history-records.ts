import { type HistoryRecord, type SpacePoint } from '../../src/lib/core/model/history.ts';
import { bytes } from '../../src/lib/core/model/units.ts';

const AT = new Date('2026-11-22T01:02:03.004Z');
const MADE = new Date('2026-06-01T00:00:00.000Z');
const ESTATE = { clusters: ['cluster-uid'], systems: ['host-id'] };

const POINT: SpacePoint = {
  at: AT,
  used: bytes(600),
  snapshots: bytes(300),
  logical: bytes(1800),
  provisioned: bytes(5000),
  snapshotCount: 3,
};

/** One record of each kind, with what may be missing there and missing. */
export const EVERY_RECORD: readonly HistoryRecord[] = [
  {
    kind: 'scan',
    at: AT,
    clusters: [{ id: 'cluster-uid', name: 'prod' }],
    systems: [{ id: 'host-id', name: 'nas1' }],
  },
  {
    kind: 'pool',
    hostId: 'host-id',
    pool: '4711',
    name: 'tank',
    point: { ...POINT, capacity: bytes(10_000) },
  },
  {
    kind: 'class',
    clusterUid: 'cluster-uid',
    storageClass: 'nas-nfs',
    volumes: 2,
    point: { ...POINT, logical: null, snapshotCount: null },
  },
  {
    kind: 'volume',
    hostId: 'host-id',
    dataset: 'tank/k8s/pvc-1',
    createdAt: MADE,
    clusterUid: 'cluster-uid',
    volume: 'pvc-1',
    namespace: 'shop',
    claim: 'data',
    storageClass: 'nas-nfs',
    point: POINT,
  },
  {
    kind: 'volume',
    hostId: 'host-id',
    dataset: 'tank/by\u001b[31m hand',
    createdAt: null,
    clusterUid: null,
    volume: 'by-hand',
    namespace: null,
    claim: null,
    storageClass: null,
    point: POINT,
  },
  {
    kind: 'finding',
    id: '6f0c1d2e3a4b5c6d',
    rule: 'dataset-unclaimed',
    category: 'orphan',
    severity: 'high',
    subject: 'dataset/tank/k8s/pvc-2',
    scope: 'host-id',
    reclaimable: bytes(77),
    suppressed: false,
    openedAt: MADE,
    lastSeenAt: AT,
    closedAt: null,
    estate: ESTATE,
  },
  { kind: 'report', at: AT, estate: ESTATE },
];
