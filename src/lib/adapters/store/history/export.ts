import { type HistoryRecord, type NamedIdentity } from '../../../core/model/history.ts';
import { rowsOf } from './reader.ts';
import {
  createdIn,
  estateIn,
  FINDING,
  instantIn,
  poolSpaceAt,
  type Row,
  SPACE,
  spaceAt,
  spellIn,
  uidsIn,
  volumeInstant,
} from './rows.ts';
import { type Database, maybe, numberIn, textIn, type Value } from '../sqlite.ts';

type Names = ReadonlyMap<string, string>;

const SCANS = `
SELECT at, clusters, systems FROM scan JOIN estate ON estate.id = estate
ORDER BY at, clusters, systems`;

const POOLS = `
SELECT uid, pool.pool, pool.name, at, ${SPACE}, capacity
FROM pool JOIN identity ON identity.id = system JOIN pool_point ON pool_point.pool = pool.id
ORDER BY at, uid, pool.pool`;

const CLASSES = `
SELECT uid, storage_class, at, ${SPACE}, volumes
FROM class JOIN identity ON identity.id = cluster JOIN class_point ON class_point.class = class.id
ORDER BY at, uid, storage_class`;

const VOLUMES = `
SELECT host.uid, dataset, created, cluster.uid, volume.volume, namespace, claim, storage_class, day, at, ${SPACE}
FROM volume_point CROSS JOIN volume ON volume.id = volume_point.volume
CROSS JOIN identity AS host ON host.id = system LEFT JOIN identity AS cluster ON cluster.id = cluster
ORDER BY day, at, host.uid, dataset, created`;

const FINDINGS = `
SELECT ${FINDING}, clusters, systems FROM finding JOIN estate ON estate.id = estate
ORDER BY opened_at, clusters, systems, finding`;

const REPORTS = `
SELECT at, clusters, systems FROM report JOIN estate ON estate.id = estate
ORDER BY at, clusters, systems`;

/** Every record, oldest first within its kind, and the same for the same history whatever way it came here. */
export function* exportedFrom(database: Database): Generator<HistoryRecord> {
  const clusters = namesOf(database, 'cluster');
  const systems = namesOf(database, 'system');
  for (const [at, clusterUids, hostIds] of rowsOf(database, SCANS)) {
    yield {
      kind: 'scan',
      at: instantIn(at),
      clusters: namedIn(clusterUids, clusters),
      systems: namedIn(hostIds, systems),
    };
  }
  for (const row of rowsOf(database, POOLS)) yield poolIn(row);
  for (const row of rowsOf(database, CLASSES)) yield classIn(row);
  for (const row of rowsOf(database, VOLUMES)) yield volumeIn(row);
  for (const row of rowsOf(database, FINDINGS)) {
    yield { kind: 'finding', ...spellIn(row), estate: estateIn(row[11], row[12]) };
  }
  for (const [at, clusterUids, hostIds] of rowsOf(database, REPORTS)) {
    yield { kind: 'report', at: instantIn(at), estate: estateIn(clusterUids, hostIds) };
  }
}

/** Names of clusters or systems by their identity; the identity itself where no scan has named it. */
export function namesOf(database: Database, kind: 'cluster' | 'system'): Names {
  const rows = rowsOf(
    database,
    'SELECT uid, coalesce(name, uid) FROM identity WHERE kind = ? ORDER BY uid',
    kind,
  );
  return new Map(Array.from(rows, ([uid, name]) => [textIn(uid), textIn(name)]));
}

function namedIn(uids: Value | undefined, names: Names): readonly NamedIdentity[] {
  return uidsIn(uids).map((id) => ({ id, name: names.get(id) ?? id }));
}

function poolIn(row: Row): HistoryRecord {
  const [hostId, pool, name, at] = row;
  return {
    kind: 'pool',
    hostId: textIn(hostId),
    pool: textIn(pool),
    name: textIn(name),
    point: poolSpaceAt(numberIn(at), row, 4),
  };
}

function classIn(row: Row): HistoryRecord {
  const [clusterUid, storageClass, at] = row;
  return {
    kind: 'class',
    clusterUid: textIn(clusterUid),
    storageClass: textIn(storageClass),
    volumes: numberIn(row[8]),
    point: spaceAt(numberIn(at), row, 3),
  };
}

function volumeIn(row: Row): HistoryRecord {
  const [hostId, dataset, created, clusterUid, volume, namespace, claim, storageClass, day, at] =
    row;
  return {
    kind: 'volume',
    hostId: textIn(hostId),
    dataset: textIn(dataset),
    createdAt: createdIn(created),
    clusterUid: maybe(textIn, clusterUid),
    volume: textIn(volume),
    namespace: maybe(textIn, namespace),
    claim: maybe(textIn, claim),
    storageClass: maybe(textIn, storageClass),
    point: spaceAt(volumeInstant(day, at), row, 10),
  };
}
