import {
  type PoolAnalysis,
  type Recommendation,
  type VolumeAnalysis,
} from '../../model/analysis.ts';
import { counted, firstFew, formatBytes } from '../../render/text/format.ts';
import { poolSubject } from '../analysis-subject.ts';
import { HORIZON_DAYS } from '../forecast.ts';
import { asBytes, daysLeft, growingBy, measured, type Situation } from './situation.ts';

const SOON_DAYS = 90;
const LONG_DAYS = 365;
const MOST_MOVED = 3;

/** A pool that fills, and what about it is known. */
interface Filling {
  readonly pool: PoolAnalysis;
  readonly days: number;
  readonly growing: number;
}

function filling(pool: PoolAnalysis): Filling | undefined {
  const days = daysLeft(pool);
  const growing = growingBy(pool.growth);
  return days === null || days > SOON_DAYS || growing === null
    ? undefined
    : { pool, days, growing };
}

/** What a pool can take on for a year without reaching its first limit; nothing where its own way is not known. */
function roomOn(pool: PoolAnalysis, limit: number): number {
  const { forecast, capacity, growth } = pool;
  if (forecast.state === 'not-enough-data' || growth.state !== 'known' || capacity === null)
    return 0;
  if (forecast.state === 'fills' && forecast.daysUntilFull <= LONG_DAYS) return 0;
  const own = pool.used + pool.snapshots + Math.max(0, growth.high) * LONG_DAYS;
  return Math.max(0, capacity * limit - own);
}

/** A volume that grows, and by how much a day. */
interface Growing {
  readonly volume: VolumeAnalysis;
  readonly growing: number;
}

/** What a volume will take in a year. */
function weightOf({ volume: { used, snapshots }, growing }: Growing): number {
  return used + snapshots + growing * LONG_DAYS;
}

/** The fastest growing volumes of a pool that fit elsewhere; they come fastest first. */
function moved(pool: PoolAnalysis, room: number, volumes: readonly VolumeAnalysis[]): Growing[] {
  const chosen: Growing[] = [];
  let left = room;
  for (const volume of volumes) {
    if (chosen.length === MOST_MOVED) break;
    if (volume.system !== pool.system || volume.pool !== pool.name) continue;
    const growing = growingBy(volume.growth);
    if (growing === null) continue;
    const weight = weightOf({ volume, growing });
    if (weight > left) continue;
    chosen.push({ volume, growing });
    left -= weight;
  }
  return chosen;
}

function adviceFor(
  { pool, days, growing }: Filling,
  target: PoolAnalysis,
  chosen: readonly Growing[],
): Recommendation | undefined {
  const size = chosen.reduce((sum, { volume: { used, snapshots } }) => sum + used + snapshots, 0);
  const slower = chosen.reduce((sum, each) => sum + each.growing, 0);
  const left = (pool.available ?? 0) + size;
  const after = slower >= growing ? HORIZON_DAYS : Math.floor(left / (growing - slower));
  const won = Math.min(HORIZON_DAYS, after) - days;
  if (won < 1) return undefined;
  const names = chosen.map(({ volume: { namespace, claim, volume } }) =>
    namespace === null || claim === null ? volume : `${namespace}/${claim}`,
  );
  return {
    action: 'rebalance',
    subject: poolSubject(pool),
    message: `pool ${pool.name} is full in ${counted(days, 'day')}, and pool ${target.name} has room for more than a year: ${firstFew(names, MOST_MOVED)} would fit there`,
    gainBytes: null,
    gainDays: won,
    numbers: [
      measured('days until full', days, 'days'),
      measured('growth', growing, 'bytes-per-day'),
      measured('moved', asBytes(size), 'bytes'),
      measured('growth moved', slower, 'bytes-per-day'),
      measured(`available on ${target.name}`, target.available ?? 0, 'bytes'),
    ],
    steps: [
      `Make new claims from a StorageClass whose parent lies on pool ${target.name}, and copy ${formatBytes(asBytes(size))} into them.`,
      'Let the workloads use the new claims, and delete the old ones once they do.',
    ],
  };
}

/** Pools that are full soon while another of the same system will not be for long. */
export function* rebalance({
  pools,
  allPools,
  volumes,
  thresholds,
}: Situation): Iterable<Recommendation> {
  for (const full of pools.flatMap((pool) => filling(pool) ?? [])) {
    const [best] = allPools
      .filter(({ system, name }) => system === full.pool.system && name !== full.pool.name)
      .map((target) => ({ target, room: roomOn(target, thresholds.poolWarning) }))
      .toSorted((one, other) => other.room - one.room);
    if (best === undefined) continue;
    const chosen = moved(full.pool, best.room, volumes);
    const advice = adviceFor(full, best.target, chosen);
    if (chosen.length > 0 && advice !== undefined) yield advice;
  }
}
