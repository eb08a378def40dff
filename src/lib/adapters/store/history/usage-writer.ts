import {
  type ClassKey,
  type PoolKey,
  type Space,
  type VolumeKey,
  type VolumeSample,
} from '../../../core/model/history.ts';
import { DAY, dayOf, inDay } from './day.ts';
import { type Identities } from './identities.ts';
import { NOT_KNOWN } from './schema.ts';
import { type Database, type Input, numberIn } from '../sqlite.ts';

/** Who a volume is, apart from its key. */
export type VolumeDetails = Omit<VolumeSample, keyof VolumeKey | keyof Space>;

/** Writes usage; an instant that is there already is left as it is, and false is returned. */
export interface UsageWriter {
  pool(
    of: PoolKey & { readonly name: string },
    space: Space & { readonly capacity: number },
    at: number,
  ): boolean;
  class(of: ClassKey & { readonly volumes: number }, space: Space, at: number): boolean;
  volume(of: VolumeKey & VolumeDetails, space: Space, at: number): boolean;
  /** As `volume`, but what the day holds before is replaced unless it differs. */
  volumeOfDay(of: VolumeKey & VolumeDetails, space: Space, at: number): void;
}

/** Part by which a volume has to change for both rows of a day to be kept. */
const NOTABLE = 0.01;

function columns(space: Space): readonly Input[] {
  const { used, snapshots, logical, provisioned, snapshotCount } = space;
  return [used, snapshots, logical, provisioned, snapshotCount];
}

type Measured = Readonly<Record<'used' | 'snapshots' | 'provisioned', number>>;

function differ(before: Measured, after: Measured): boolean {
  return (['used', 'snapshots', 'provisioned'] as const).some(
    (key) => Math.abs(after[key] - before[key]) > before[key] * NOTABLE,
  );
}

export function usageWriter(database: Database, ids: Identities): UsageWriter {
  const pools = poolWriter(database, ids);
  const classes = classWriter(database, ids);
  const volumes = volumeWriter(database, ids);
  return { pool: pools, class: classes, ...volumes };
}

function poolWriter(database: Database, ids: Identities): UsageWriter['pool'] {
  const describe = database.prepare(
    `INSERT INTO pool (system, pool, name, named_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET
       name = iif(excluded.named_at > named_at, excluded.name, name),
       named_at = max(excluded.named_at, named_at)
     RETURNING id`,
  );
  const add = database.prepare('INSERT OR IGNORE INTO pool_point VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  return ({ hostId, pool, name }, space, at) => {
    const id = numberIn(describe.get(ids.idOf('system', hostId), pool, name, at)?.['id']);
    return add.run(id, at, ...columns(space), space.capacity).changes === 1;
  };
}

function classWriter(database: Database, ids: Identities): UsageWriter['class'] {
  const describe = database.prepare(
    `INSERT INTO class (cluster, storage_class) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET storage_class = storage_class RETURNING id`,
  );
  const add = database.prepare('INSERT OR IGNORE INTO class_point VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const known = new Map<string, number>();
  return ({ clusterUid, storageClass, volumes }, space, at) => {
    const cluster = ids.idOf('cluster', clusterUid);
    const key = `${cluster} ${storageClass}`;
    const id = known.get(key) ?? numberIn(describe.get(cluster, storageClass)?.['id']);
    known.set(key, id);
    return add.run(id, at, ...columns(space), volumes).changes === 1;
  };
}

function volumeWriter(
  database: Database,
  ids: Identities,
): Pick<UsageWriter, 'volume' | 'volumeOfDay'> {
  const find = volumeFinder(database, ids);
  const add = database.prepare(
    'INSERT OR IGNORE INTO volume_point VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = database.prepare(
    'DELETE FROM volume_point WHERE day = ? AND volume = ? AND at = ?',
  );
  const ofDay = database.prepare(
    `SELECT at, used, snapshots, provisioned FROM volume_point
     WHERE day = ? AND volume = ? ORDER BY at`,
  );

  function put(id: number, space: Space, at: number): boolean {
    return add.run(dayOf(at), id, inDay(at), ...columns(space)).changes === 1;
  }

  return {
    volume: (of, space, at) => put(find(of, at), space, at),
    volumeOfDay(of, space, at) {
      const id = find(of, at);
      const day = dayOf(at);
      const rows = ofDay.all(day, id).map((row) => ({
        at: day * DAY + numberIn(row['at']),
        used: numberIn(row['used']),
        snapshots: numberIn(row['snapshots']),
        provisioned: numberIn(row['provisioned']),
      }));
      const next = rows.find((row) => row.at >= at);
      // A sample that comes late is one of the earlier ones, which the later row stands for.
      if (next !== undefined && (next.at === at || !differ(space, next))) return;
      const before = rows.findLast((row) => row.at < at);
      if (before !== undefined && !differ(before, space)) remove.run(day, id, inDay(before.at));
      put(id, space, at);
    },
  };
}

type VolumeIndex = readonly [system: number, dataset: string, created: number];

/** A volume as the table has it. */
interface KnownVolume {
  readonly id: number;
  at: number;
  details: readonly Input[];
}

/** Number of a volume, whose details are kept as they were last seen. */
function volumeFinder(
  database: Database,
  ids: Identities,
): (of: VolumeKey & VolumeDetails, at: number) => number {
  const find = database.prepare(
    `SELECT id, at, cluster, volume.volume AS name, namespace, claim, storage_class
     FROM volume JOIN volume_seen ON volume_seen.volume = id
     WHERE system = ? AND dataset = ? AND created = ?`,
  );
  const add = database.prepare(
    `INSERT INTO volume (system, dataset, created, cluster, volume, namespace, claim, storage_class)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const see = database.prepare('INSERT OR REPLACE INTO volume_seen VALUES (?, ?)');
  const describe = database.prepare(
    `UPDATE volume SET cluster = ?, volume = ?, namespace = ?, claim = ?, storage_class = ?
     WHERE id = ?`,
  );
  const known = new Map<string, KnownVolume>();

  function knownVolume(key: VolumeIndex, details: readonly Input[], at: number): KnownVolume {
    const row = find.get(...key);
    if (row !== undefined) {
      const { cluster, name, namespace, claim, storage_class } = row;
      const kept = [cluster, name, namespace, claim, storage_class].map((value) => value ?? null);
      return { id: numberIn(row['id']), at: numberIn(row['at']), details: kept };
    }
    const id = Number(add.run(...key, ...details).lastInsertRowid);
    see.run(id, at);
    return { id, at, details };
  }

  return (of, at) => {
    const { hostId, dataset, createdAt, clusterUid } = of;
    const key = [ids.idOf('system', hostId), dataset, createdAt?.getTime() ?? NOT_KNOWN] as const;
    const cluster = clusterUid === null ? null : ids.idOf('cluster', clusterUid);
    const details = [cluster, of.volume, of.namespace, of.claim, of.storageClass];
    const text = key.join(' ');
    const volume = known.get(text) ?? knownVolume(key, details, at);
    known.set(text, volume);
    if (at <= volume.at) return volume.id;
    see.run(volume.id, at);
    if (volume.details.some((value, index) => value !== details[index])) {
      describe.run(...details, volume.id);
    }
    volume.at = at;
    volume.details = details;
    return volume.id;
  };
}
