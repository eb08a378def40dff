import {
  type PoolAnalysis,
  type Recommendation,
  type VolumeAnalysis,
} from '../../model/analysis.ts';
import { formatQuantity } from '../../model/quantity.ts';
import { counted } from '../../render/text/format.ts';
import { volumeSubject } from '../analysis-subject.ts';
import { daysLeft, growingBy, measured, poolOf, type Situation, wholeGib } from './situation.ts';

const SOON_DAYS = 30;
const ENOUGH_DAYS = 180;

/** Whether a pool can give so much more without filling up soon itself. */
function hasRoom(
  pool: PoolAnalysis,
  more: number,
  { thresholds }: Pick<Situation, 'thresholds'>,
): boolean {
  const { available, capacity } = pool;
  if (available === null || capacity === null || more > available) return false;
  const left = daysLeft(pool);
  const taken = pool.used + pool.snapshots + more;
  return (left === null || left > SOON_DAYS) && taken < capacity * thresholds.poolWarning;
}

function adviceFor(
  volume: VolumeAnalysis,
  days: number,
  situation: Situation,
): Recommendation | undefined {
  const growing = growingBy(volume.growth);
  const pool = poolOf(volume, situation.allPools);
  if (growing === null || pool === undefined) return undefined;
  const quota = wholeGib(volume.used + growing * ENOUGH_DAYS);
  const more = quota - volume.provisioned;
  if (more <= 0 || !hasRoom(pool, more, situation)) return undefined;
  return {
    action: 'raise-quota',
    subject: volumeSubject(volume),
    message: `its quota is reached ${days === 0 ? 'now' : `in ${counted(days, 'day')}`}, and pool ${pool.name} has room`,
    gainBytes: null,
    gainDays: Math.max(0, ENOUGH_DAYS - days),
    numbers: [
      measured('days until its quota is reached', days, 'days'),
      measured('used', volume.used, 'bytes'),
      measured('quota', volume.provisioned, 'bytes'),
      measured('growth', growing, 'bytes-per-day'),
      measured(`quota for ${String(ENOUGH_DAYS)} days`, quota, 'bytes'),
    ],
    steps: [
      `Raise \`spec.resources.requests.storage\` of the claim to ${formatQuantity(quota)}, where its StorageClass allows expansion.`,
      'Without expansion, make a larger claim and copy the data into it.',
    ],
  };
}

/** Volumes about to reach their quota, of those that know how full they are: a zvol does not. */
export function* raiseQuota(situation: Situation): Iterable<Recommendation> {
  for (const volume of situation.volumes) {
    const days = daysLeft(volume);
    if (days === null || days > SOON_DAYS || !situation.isFileSystem(volume)) continue;
    const advice = adviceFor(volume, days, situation);
    if (advice !== undefined) yield advice;
  }
}
