import { type HistoryRecord, type ImportOutcome } from '../../../core/model/history.ts';
import { DAY } from './day.ts';
import { findingColumns } from './findings-writer.ts';
import { type Identities, identities } from './identities.ts';
import { forgetProgress } from './retention.ts';
import { type Database, rollBack } from '../sqlite.ts';
import { usageWriter } from './usage-writer.ts';

/** A record that no store may hold. */
export class UnbelievableRecordError extends Error {}

/** Adds what is not there yet, in any order; all of it, or nothing where a record or the store fails. */
export async function importInto(
  database: Database,
  records: AsyncIterable<HistoryRecord>,
  now: Date,
): Promise<ImportOutcome> {
  database.exec('BEGIN IMMEDIATE');
  try {
    const write = recordWriter(database);
    const latest = now.getTime() + DAY;
    const counts = { added: 0, known: 0 };
    for await (const record of records) {
      const at = instantOf(record);
      if (!(at.getTime() <= latest)) throw new UnbelievableRecordError(unbelievable(at));
      counts[write(record) ? 'added' : 'known'] += 1;
    }
    closeOvertaken(database);
    forgetProgress(database);
    database.exec('COMMIT');
    return counts;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function unbelievable(at: Date): string {
  const instant = Number.isNaN(at.getTime()) ? 'no instant' : at.toISOString();
  return `a record is dated ${instant}, more than a day ahead of the clock of this machine`;
}

function instantOf(record: HistoryRecord): Date {
  if ('point' in record) return record.point.at;
  return record.kind === 'finding' ? record.lastSeenAt : record.at;
}

/** @returns of each record whether it was news */
function recordWriter(database: Database): (record: HistoryRecord) => boolean {
  const ids = identities(database);
  const usage = usageWriter(database, ids);
  const addScan = database.prepare('INSERT OR IGNORE INTO scan VALUES (?, ?)');
  const addReport = database.prepare('INSERT OR IGNORE INTO report VALUES (?, ?)');
  const writeFinding = findingWriter(database, ids);
  return (record) => {
    switch (record.kind) {
      case 'scan': {
        const { clusters, systems } = record;
        const at = record.at.getTime();
        ids.name('cluster', clusters, at);
        ids.name('system', systems, at);
        const estate = {
          clusters: clusters.map(({ id }) => id),
          systems: systems.map(({ id }) => id),
        };
        return addScan.run(ids.estateOf(estate), at).changes === 1;
      }
      case 'report':
        return addReport.run(ids.estateOf(record.estate), record.at.getTime()).changes === 1;
      case 'pool':
        return usage.pool(record, record.point, record.point.at.getTime());
      case 'class':
        return usage.class(record, record.point, record.point.at.getTime());
      case 'volume':
        return usage.volume(record, record.point, record.point.at.getTime());
      case 'finding':
        return writeFinding(record);
    }
  };
}

/** Of one spell told twice the later sight is kept, and of two as late the one that knows its end. */
function findingWriter(
  database: Database,
  ids: Identities,
): (finding: Extract<HistoryRecord, { readonly kind: 'finding' }>) => boolean {
  const put = database.prepare(
    `INSERT INTO finding (
       estate, finding, opened_at, last_seen_at, closed_at,
       rule, category, severity, subject, scope, reclaimable, suppressed
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET
       last_seen_at = excluded.last_seen_at, closed_at = excluded.closed_at,
       rule = excluded.rule, category = excluded.category, severity = excluded.severity,
       subject = excluded.subject, scope = excluded.scope,
       reclaimable = excluded.reclaimable, suppressed = excluded.suppressed
     WHERE excluded.last_seen_at > last_seen_at
       OR (excluded.last_seen_at = last_seen_at AND closed_at IS NULL AND excluded.closed_at IS NOT NULL)`,
  );
  return (finding) => {
    const { estate, id, openedAt, lastSeenAt, closedAt } = finding;
    const { changes } = put.run(
      ids.estateOf(estate),
      id,
      openedAt.getTime(),
      lastSeenAt.getTime(),
      closedAt?.getTime() ?? null,
      ...findingColumns(finding),
    );
    return changes === 1;
  };
}

/** Where another history knows of a later spell, an earlier one is over. */
function closeOvertaken(database: Database): void {
  database.exec(`
    UPDATE finding SET closed_at = (
      SELECT min(later.opened_at) FROM finding AS later
      WHERE later.estate = finding.estate AND later.finding = finding.finding
        AND later.opened_at > finding.opened_at
    )
    WHERE closed_at IS NULL AND EXISTS (
      SELECT 1 FROM finding AS later
      WHERE later.estate = finding.estate AND later.finding = finding.finding
        AND later.opened_at > finding.opened_at
    )`);
}
