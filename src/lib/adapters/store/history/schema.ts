import { inTransaction, type Database, numberIn, single } from '../sqlite.ts';

/** "TNMH": says that the file is a history of ours, whatever its name. */
export const APPLICATION_ID = 0x54_4e_4d_48;

/** Stands for a volume whose time of creation is not known; before every instant there is. */
export const NOT_KNOWN = -9_000_000_000_000_000;

/*
 * Usage of volumes is by far the most of it. Its key begins with the day: what a scan adds lies together at the end, so pages
 * are written once and stay full, and what is too old lies together at the start. It refers to its volume without a foreign key:
 * to remove a volume SQLite would read all of it.
 */
const FIRST = `
CREATE TABLE identity (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  uid TEXT NOT NULL,
  name TEXT,
  named_at INTEGER,
  UNIQUE (kind, uid)
) STRICT;
CREATE TABLE estate (
  id INTEGER PRIMARY KEY,
  clusters TEXT NOT NULL,
  systems TEXT NOT NULL,
  UNIQUE (clusters, systems)
) STRICT;
CREATE TABLE scan (
  estate INTEGER NOT NULL REFERENCES estate,
  at INTEGER NOT NULL,
  PRIMARY KEY (estate, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE report (
  estate INTEGER NOT NULL REFERENCES estate,
  at INTEGER NOT NULL,
  PRIMARY KEY (estate, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE pool (
  id INTEGER PRIMARY KEY,
  system INTEGER NOT NULL REFERENCES identity,
  pool TEXT NOT NULL,
  name TEXT NOT NULL,
  named_at INTEGER NOT NULL,
  UNIQUE (system, pool)
) STRICT;
CREATE TABLE pool_point (
  pool INTEGER NOT NULL REFERENCES pool,
  at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  snapshots INTEGER NOT NULL,
  logical INTEGER,
  provisioned INTEGER NOT NULL,
  snapshot_count INTEGER,
  capacity INTEGER NOT NULL,
  PRIMARY KEY (pool, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE class (
  id INTEGER PRIMARY KEY,
  cluster INTEGER NOT NULL REFERENCES identity,
  storage_class TEXT NOT NULL,
  UNIQUE (cluster, storage_class)
) STRICT;
CREATE TABLE class_point (
  class INTEGER NOT NULL REFERENCES class,
  at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  snapshots INTEGER NOT NULL,
  logical INTEGER,
  provisioned INTEGER NOT NULL,
  snapshot_count INTEGER,
  volumes INTEGER NOT NULL,
  PRIMARY KEY (class, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE volume (
  id INTEGER PRIMARY KEY,
  system INTEGER NOT NULL REFERENCES identity,
  dataset TEXT NOT NULL,
  created INTEGER NOT NULL,
  cluster INTEGER REFERENCES identity,
  volume TEXT NOT NULL,
  namespace TEXT,
  claim TEXT,
  storage_class TEXT,
  UNIQUE (system, dataset, created)
) STRICT;
CREATE TABLE volume_seen (
  volume INTEGER PRIMARY KEY REFERENCES volume ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE volume_point (
  day INTEGER NOT NULL,
  volume INTEGER NOT NULL,
  at INTEGER NOT NULL,
  used INTEGER NOT NULL,
  snapshots INTEGER NOT NULL,
  logical INTEGER,
  provisioned INTEGER NOT NULL,
  snapshot_count INTEGER,
  PRIMARY KEY (day, volume, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE finding (
  estate INTEGER NOT NULL REFERENCES estate,
  finding TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  closed_at INTEGER,
  rule TEXT NOT NULL,
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  subject TEXT NOT NULL,
  scope TEXT NOT NULL,
  reclaimable INTEGER NOT NULL,
  suppressed INTEGER NOT NULL,
  PRIMARY KEY (estate, finding, opened_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE progress (
  what TEXT PRIMARY KEY,
  day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** From each format to the next, the first from an empty file. */
export const MIGRATIONS: readonly string[] = [FIRST];

export function formatOf(database: Database): number {
  return numberIn(single(database, 'PRAGMA user_version'));
}

/** Brings the store to the newest format, one transaction a step. */
export function migrate(database: Database, migrations: readonly string[]): void {
  while (formatOf(database) < migrations.length) {
    inTransaction(database, () => {
      // Somebody may have been faster.
      const format = formatOf(database);
      const step = migrations[format];
      if (step === undefined) return;
      database.exec(step);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      database.exec(`PRAGMA user_version = ${format + 1}`);
    });
  }
}
