import { type Millis } from '../../../core/model/units.ts';
import { DAY, dayOf, HOUR, inDay } from './day.ts';
import { type Database, maybe, numberIn, single } from '../sqlite.ts';

/** Up to this age everything is kept. */
const RAW_DAYS = 14;
/** Up to this age pools and classes keep the last of each hour. */
const HOURLY_DAYS = 90;

const SERIES = ['pool', 'class'] as const;

/** Does by the way what is due once a day; `now` is the latest instant that can be trusted. */
export function maintain(database: Database, now: number, retention: Millis): void {
  const today = dayOf(now);
  if (progressOf(database, 'maintained') === today) return;
  setProgress(database, 'maintained', today);
  thin(database, now);
  removeBefore(database, dayOf(now - retention) * DAY);
}

function progressOf(database: Database, what: string): number | null {
  return maybe(numberIn, single(database, 'SELECT day FROM progress WHERE what = ?', what));
}

function setProgress(database: Database, what: string, day: number): void {
  database.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)').run(what, day);
}

/** What was brought in may be of any age: it is thinned from the start again. */
export function forgetProgress(database: Database): void {
  database.exec('DELETE FROM progress');
}

/** Leaves of old usage the last of each hour or day. Returns how much went. */
export function thin(database: Database, now: number): number {
  const raw = dayOf(now) - RAW_DAYS;
  const hourly = dayOf(now) - HOURLY_DAYS;
  let removed = 0;
  for (const series of SERIES) {
    removed += keepLastOf(database, series, HOUR, raw * DAY);
    removed += keepLastOf(database, series, DAY, hourly * DAY);
  }
  const from = progressOf(database, 'thinned') ?? Number.MIN_SAFE_INTEGER;
  setProgress(database, 'thinned', raw);
  return removed + run(database, LAST_OF_DAY, from, raw);
}

const LAST_OF_DAY = `
DELETE FROM volume_point WHERE day >= ? AND day < ? AND EXISTS (
  SELECT 1 FROM volume_point AS later
  WHERE later.day = volume_point.day AND later.volume = volume_point.volume AND later.at > volume_point.at
)`;

function keepLastOf(
  database: Database,
  series: (typeof SERIES)[number],
  span: number,
  before: number,
): number {
  const table = `${series}_point`;
  const sql = `
    DELETE FROM ${table} WHERE at < ? AND EXISTS (
      SELECT 1 FROM ${table} AS later
      WHERE later.${series} = ${table}.${series} AND later.at > ${table}.at
        AND later.at < ${table}.at - ((${table}.at % ${span}) + ${span}) % ${span} + ${span}
    )`;
  return run(database, sql, before);
}

/** Removes what is older than an instant; what is open stays. Returns how much went. */
export function removeBefore(database: Database, before: number): number {
  const day = dayOf(before);
  let removed =
    run(database, 'DELETE FROM volume_point WHERE day < ?', day) +
    run(database, 'DELETE FROM volume_point WHERE day = ? AND at < ?', day, inDay(before)) +
    run(database, 'DELETE FROM scan WHERE at < ?', before) +
    run(database, 'DELETE FROM report WHERE at < ?', before) +
    run(database, 'DELETE FROM finding WHERE closed_at < ?', before);
  for (const series of SERIES) {
    removed += run(database, `DELETE FROM ${series}_point WHERE at < ?`, before);
  }
  removeUnused(database, before);
  return removed;
}

/** What nothing is known of any more. */
function removeUnused(database: Database, before: number): void {
  database
    .prepare('DELETE FROM volume WHERE id IN (SELECT volume FROM volume_seen WHERE at < ?)')
    .run(before);
  for (const series of SERIES) {
    database.exec(
      `DELETE FROM ${series} WHERE NOT EXISTS (SELECT 1 FROM ${series}_point WHERE ${series} = ${series}.id)`,
    );
  }
  database.exec(`
    DELETE FROM estate WHERE id NOT IN (SELECT estate FROM scan)
      AND id NOT IN (SELECT estate FROM report) AND id NOT IN (SELECT estate FROM finding);
    DELETE FROM identity WHERE id NOT IN (SELECT system FROM pool)
      AND id NOT IN (SELECT system FROM volume) AND id NOT IN (SELECT cluster FROM class)
      AND id NOT IN (SELECT cluster FROM volume WHERE cluster IS NOT NULL)
      AND uid NOT IN (
        SELECT value FROM estate, json_each(clusters) UNION SELECT value FROM estate, json_each(systems)
      );`);
}

function run(database: Database, sql: string, ...inputs: readonly number[]): number {
  return Number(database.prepare(sql).run(...inputs).changes);
}
