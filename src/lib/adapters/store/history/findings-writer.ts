import {
  type FindingSample,
  type JudgedScope,
  type ScanSample,
} from '../../../core/model/history.ts';
import { type Database, type Input, textIn } from './sqlite.ts';

const OPEN = 'estate = ? AND closed_at IS NULL';

/** What is said of a finding, in the order of the columns. */
export function findingColumns(finding: FindingSample): readonly Input[] {
  const { rule, category, severity, subject, scope, reclaimable, suppressed } = finding;
  return [rule, category, severity, subject, scope, reclaimable, suppressed ? 1 : 0];
}

function judgedKey({ rule, scope }: JudgedScope): string {
  return JSON.stringify([rule, scope]);
}

/** Opens what a sample newly has, and closes what it has no more where that was looked for. */
export function writeFindings(
  database: Database,
  estate: number,
  { findings, judged }: Pick<ScanSample, 'findings' | 'judged'>,
  at: number,
): void {
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
  const close = database.prepare(
    `UPDATE finding SET closed_at = max(?, opened_at) WHERE ${OPEN} AND finding = ?`,
  );
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
