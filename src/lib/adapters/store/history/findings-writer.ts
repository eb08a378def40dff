import {
  type FindingSample,
  type JudgedScope,
  type ScanSample,
} from '../../../core/model/history.ts';
import { type Database, type Input, textIn } from '../sqlite.ts';

const OPEN = 'estate = ? AND closed_at IS NULL';

/** What is said of a finding, in the order of the columns. */
export function findingColumns(finding: FindingSample): readonly Input[] {
  const { rule, category, severity, subject, scope, reclaimable, suppressed } = finding;
  return [rule, category, severity, subject, scope, reclaimable, suppressed ? 1 : 0];
}

function judgedKey({ rule, scope }: JudgedScope): string {
  return JSON.stringify([rule, scope]);
}

/**
 * A scan under a clock that ran ahead has left instants that are yet to come. What it opened and is still open is as new as this
 * scan; what it opened and closed has no place in time.
 */
function comeBack(database: Database, estate: number, at: number): void {
  database
    .prepare('DELETE FROM finding WHERE estate = ? AND opened_at > ? AND closed_at IS NOT NULL')
    .run(estate, at);
  database
    .prepare(
      `UPDATE OR REPLACE finding SET opened_at = min(opened_at, ?1), last_seen_at = min(last_seen_at, ?1),
         closed_at = min(closed_at, ?1)
       WHERE estate = ?2 AND (opened_at > ?1 OR last_seen_at > ?1 OR closed_at > ?1)`,
    )
    .run(at, estate);
}

/** Opens what a sample newly has, and closes what it has no more where that was looked for. */
export function writeFindings(
  database: Database,
  estate: number,
  { findings, judged }: Pick<ScanSample, 'findings' | 'judged'>,
  at: number,
): void {
  comeBack(database, estate, at);
  const open = new Map<string, JudgedScope>();
  for (const row of database
    .prepare(`SELECT finding, rule, scope FROM finding WHERE ${OPEN}`)
    .iterate(estate)) {
    open.set(textIn(row['finding']), { rule: textIn(row['rule']), scope: textIn(row['scope']) });
  }
  const begin = database.prepare(
    `INSERT OR REPLACE INTO finding (
       estate, finding, opened_at, last_seen_at,
       rule, category, severity, subject, scope, reclaimable, suppressed
     ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const see = database.prepare(
    `UPDATE finding SET rule = ?, category = ?, severity = ?, subject = ?, scope = ?,
       reclaimable = ?, suppressed = ?, last_seen_at = ?
     WHERE ${OPEN} AND finding = ?`,
  );
  const close = database.prepare(`UPDATE finding SET closed_at = ? WHERE ${OPEN} AND finding = ?`);
  for (const finding of new Map(findings.map((one) => [one.id, one])).values()) {
    const columns = findingColumns(finding);
    if (open.delete(finding.id)) see.run(...columns, at, estate, finding.id);
    else begin.run(estate, finding.id, at, at, ...columns);
  }
  const looked = new Set(judged.map(judgedKey));
  for (const [id, of] of open) {
    if (looked.has(judgedKey(of))) close.run(at, estate, id);
  }
}
