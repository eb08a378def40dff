import { type Estate, type ScanSample } from '../../../core/model/history.ts';
import { type Millis } from '../../../core/model/units.ts';
import { DAY } from './day.ts';
import { writeFindings } from './findings-writer.ts';
import { identities } from './identities.ts';
import { maintain } from './retention.ts';
import { type Database, inTransaction, maybe, numberIn, single } from '../sqlite.ts';
import { type UsageWriter, usageWriter } from './usage-writer.ts';

export interface KeepingRules {
  readonly retention: Millis;
  readonly now: Date;
}

/** Keeps a whole sample, or nothing of it. */
export function recordSample(database: Database, sample: ScanSample, rules: KeepingRules): void {
  const at = sample.at.getTime();
  // Scans from a time when the clock was wrong must not be the newest for ever.
  const believable = rules.now.getTime() + DAY;
  inTransaction(database, () => {
    const ids = identities(database);
    const estate = ids.estateOf({
      clusters: sample.clusters.map(({ id }) => id),
      systems: sample.systems.map(({ id }) => id),
    });
    const newest = maybe(
      numberIn,
      single(database, 'SELECT max(at) FROM scan WHERE at <= ?', believable),
    );
    const newestOfEstate = single(
      database,
      'SELECT max(at) FROM scan WHERE estate = ? AND at <= ?',
      estate,
      believable,
    );
    database.prepare('INSERT OR IGNORE INTO scan VALUES (?, ?)').run(estate, at);
    ids.name('cluster', sample.clusters, at);
    ids.name('system', sample.systems, at);
    writeUsage(usageWriter(database, ids), sample, at);
    if (newestOfEstate === null || at > numberIn(newestOfEstate)) {
      writeFindings(database, estate, sample, at);
    }
    // Age is counted from what was there before: one scan under a clock that runs years ahead must not take all the rest away.
    if (newest !== null) {
      maintain(database, Math.min(newest, rules.now.getTime()), rules.retention);
    }
  });
}

function writeUsage(writer: UsageWriter, sample: ScanSample, at: number): void {
  for (const pool of sample.pools) writer.pool(pool, pool, at);
  for (const one of sample.classes) writer.class(one, one, at);
  for (const volume of sample.volumes) writer.volumeOfDay(volume, volume, at);
}

export function recordReportAt(database: Database, estate: Estate, at: Date): void {
  inTransaction(database, () => {
    database
      .prepare('INSERT OR IGNORE INTO report VALUES (?, ?)')
      .run(identities(database).estateOf(estate), at.getTime());
  });
}
