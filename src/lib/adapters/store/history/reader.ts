import {
  type ClassSeries,
  type Estate,
  type FindingSpell,
  type PoolSeries,
  type VolumeSeries,
} from '../../../core/model/history.ts';
import { type HistoryReader } from '../../../ports/history.ts';
import { dayOf, inDay } from './day.ts';
import { estateKey } from './identities.ts';
import { createdIn, FINDING, poolSpaceAt, type Row, SPACE, spaceAt, spellIn } from './rows.ts';
import { type Database, type Input, maybe, numberIn, textIn } from '../sqlite.ts';
import { UsageRows } from './usage-rows.ts';

/** Rows as arrays: a third of the time of objects. */
export function* rowsOf(
  database: Database,
  sql: string,
  ...inputs: readonly Input[]
): Generator<Row> {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  // The types know objects alone.
  yield* statement.iterate(...inputs) as Iterable<unknown> as Iterable<Row>;
}

const POOLS = `
SELECT uid, pool.pool, pool.name, at, ${SPACE}, capacity
FROM pool JOIN identity ON identity.id = system JOIN pool_point ON pool_point.pool = pool.id
WHERE uid IN (SELECT value FROM json_each(?)) AND at >= ? ORDER BY uid, pool.pool, at`;

const CLASSES = `
SELECT uid, storage_class, at, ${SPACE}
FROM class JOIN identity ON identity.id = cluster JOIN class_point ON class_point.class = class.id
WHERE uid IN (SELECT value FROM json_each(?)) AND at >= ? ORDER BY uid, storage_class, at`;

const FINDINGS = `
SELECT ${FINDING} FROM finding JOIN estate ON estate.id = estate
WHERE clusters = ? AND systems = ? AND (closed_at IS NULL OR closed_at >= ?)
ORDER BY opened_at, finding`;

const LAST_REPORT = `
SELECT max(at) FROM report JOIN estate ON estate.id = estate
WHERE clusters = ? AND systems = ? AND at < ?`;

/** Reads within the transaction that is open on the database. */
export function readerOf(database: Database): Omit<HistoryReader, typeof Symbol.dispose> {
  return {
    pools: (estate, since) => poolsOf(database, estate, since),
    classes: (estate, since) => classesOf(database, estate, since),
    volumes: (estate, since) => volumesOf(database, estate, since),
    findings: (estate, since) => findingsOf(database, estate, since),
    lastReport: (estate, before) => {
      const [row] = rowsOf(database, LAST_REPORT, ...setsOf(estate), before.getTime());
      const at = maybe(numberIn, row?.[0]);
      return at === null ? null : new Date(at);
    },
  };
}

function setsOf({ clusters, systems }: Estate): readonly [string, string] {
  return [estateKey(clusters), estateKey(systems)];
}

/** Rows that belong together lie together. */
function grouped<S, P>(
  rows: Iterable<Row>,
  isSame: (series: S, row: Row) => boolean,
  begin: (row: Row, points: readonly P[]) => S,
  pointIn: (row: Row) => P,
): readonly S[] {
  const all: S[] = [];
  let points: P[] = [];
  for (const row of rows) {
    const last = all.at(-1);
    if (last === undefined || !isSame(last, row)) {
      points = [];
      all.push(begin(row, points));
    }
    points.push(pointIn(row));
  }
  return all;
}

function poolsOf(database: Database, { systems }: Estate, since: Date): readonly PoolSeries[] {
  return grouped(
    rowsOf(database, POOLS, JSON.stringify(systems), since.getTime()),
    ({ hostId, pool }: PoolSeries, row) => hostId === row[0] && pool === row[1],
    ([hostId, pool, name], points: PoolSeries['points']) => ({
      hostId: textIn(hostId),
      pool: textIn(pool),
      name: textIn(name),
      points,
    }),
    (row) => poolSpaceAt(numberIn(row[3]), row, 4),
  );
}

function classesOf(database: Database, { clusters }: Estate, since: Date): readonly ClassSeries[] {
  return grouped(
    rowsOf(database, CLASSES, JSON.stringify(clusters), since.getTime()),
    (series: ClassSeries, row) => series.clusterUid === row[0] && series.storageClass === row[1],
    ([uid, storageClass], points: ClassSeries['points']) => ({
      clusterUid: textIn(uid),
      storageClass: textIn(storageClass),
      points,
    }),
    (row) => spaceAt(numberIn(row[2]), row, 3),
  );
}

function findingsOf(database: Database, estate: Estate, since: Date): readonly FindingSpell[] {
  const rows = rowsOf(database, FINDINGS, ...setsOf(estate), since.getTime());
  return Array.from(rows, spellIn);
}

/** Volumes that are read together: their usage of a day lies together, and read for few of them a page is read many times. */
const CHUNK = 512;

const VOLUMES = `
SELECT volume.id, uid, dataset, created
FROM volume JOIN identity ON identity.id = system JOIN volume_seen ON volume_seen.volume = volume.id
WHERE uid IN (SELECT value FROM json_each(?)) AND at >= ? ORDER BY uid, dataset, created`;

/** Days that have any usage, found without reading what lies between them. */
const DAYS = `
WITH RECURSIVE days (day) AS (
  SELECT min(day) FROM volume_point WHERE day >= ?
  UNION ALL
  SELECT (SELECT min(day) FROM volume_point WHERE day > days.day) FROM days WHERE day IS NOT NULL
)
SELECT day FROM days WHERE day IS NOT NULL`;

/** Day by day, since the usage of a day lies together. */
const USAGE = `
SELECT volume, day, at, ${SPACE}
FROM json_each(?) AS days CROSS JOIN json_each(?) AS chosen
CROSS JOIN volume_point ON day = days.value AND volume = chosen.value
WHERE day > ? OR at >= ?`;

function* volumesOf(database: Database, { systems }: Estate, since: Date): Generator<VolumeSeries> {
  const volumes = Array.from(
    rowsOf(database, VOLUMES, JSON.stringify(systems), since.getTime()),
    ([id, uid, dataset, created]) => ({
      id: numberIn(id),
      key: { hostId: textIn(uid), dataset: textIn(dataset), createdAt: createdIn(created) },
    }),
  );
  const first = dayOf(since.getTime());
  const days = JSON.stringify(Array.from(rowsOf(database, DAYS, first), ([day]) => numberIn(day)));
  for (let from = 0; from < volumes.length; from += CHUNK) {
    const chunk = volumes.slice(from, from + CHUNK);
    const chosen = chunk.map(({ id }) => id).sort((one, other) => one - other);
    const usage = new UsageRows();
    const inputs = [days, JSON.stringify(chosen), first, inDay(since.getTime())];
    for (const row of rowsOf(database, USAGE, ...inputs)) usage.add(row);
    const pointsOf = usage.byVolume();
    for (const { id, key } of chunk) yield { ...key, points: pointsOf(id) };
  }
}
