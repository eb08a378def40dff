import { type HistoryStatus } from '../../../core/model/history.ts';
import { namesOf } from './export.ts';
import { instantIn } from './rows.ts';
import { type Database, maybe, numberIn, single } from '../sqlite.ts';

/** What does not come from the content of the store. */
type Outside = 'path' | 'state' | 'bytes' | 'setAside';
type Content = Omit<HistoryStatus, Outside>;

export const NOTHING: Content = {
  firstAt: null,
  lastAt: null,
  scans: 0,
  pools: 0,
  classes: 0,
  volumes: 0,
  points: 0,
  openFindings: 0,
  closedFindings: 0,
  clusters: [],
  systems: [],
};

export function contentOf(database: Database): Content {
  const count = (from: string): number =>
    numberIn(single(database, `SELECT count(*) FROM ${from}`));
  const instant = (sql: string): Date | null => maybe(instantIn, single(database, sql));
  const named = (kind: 'cluster' | 'system'): HistoryStatus['clusters'] =>
    Array.from(namesOf(database, kind), ([id, name]) => ({ id, name }));
  return {
    firstAt: instant('SELECT min(at) FROM scan'),
    lastAt: instant('SELECT max(at) FROM scan'),
    scans: count('scan'),
    pools: count('pool'),
    classes: count('class'),
    volumes: count('volume'),
    points: count('pool_point') + count('class_point') + count('volume_point'),
    openFindings: count('finding WHERE closed_at IS NULL'),
    closedFindings: count('finding WHERE closed_at IS NOT NULL'),
    clusters: named('cluster'),
    systems: named('system'),
  };
}
