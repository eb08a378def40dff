import {
  type PoolAnalysis,
  type Recommendation,
  type VolumeAnalysis,
} from '../../model/analysis.ts';
import { formatQuantity } from '../../model/quantity.ts';
import { type Bytes } from '../../model/units.ts';
import { counted } from '../../render/text/format.ts';
import { volumeSubject } from '../analysis-subject.ts';
import { daysLeft, growingBy, measured, poolOf, type Situation, wholeGib } from './situation.ts';

const SOON_DAYS = 30;
/** For how long it should do; for less only where the pool has no room for more. */
const ENOUGH_DAYS = [180, 90, 60, 30] as const;

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

/** The size that does for longest among those there is room for. */
function largerFor(
  { used, provisioned }: VolumeAnalysis,
  growing: number,
  fits: (more: number) => boolean,
): { readonly quota: Bytes; readonly days: number } | undefined {
  return ENOUGH_DAYS.map((days) => ({ quota: wholeGib(used + growing * days), days })).find(
    ({ quota }) => quota > provisioned && fits(quota - provisioned),
  );
}

const LOOK_INSIDE =
  'See first with `df` in a pod that mounts it how full it is, and run `fstrim` there: ZFS counts blocks that the file system inside may have freed long ago.';

/** A zvol does not know how full the file system inside is: that blocks were written is all it can say. */
function messageOf({ name }: PoolAnalysis, days: number, isFileSystem: boolean): string {
  const when = days === 0 ? 'now' : `in ${counted(days, 'day')}`;
  return isFileSystem
    ? `its quota is reached ${when}, and pool ${name} has room`
    : `for ZFS it is full ${when}, which it need not be inside, and pool ${name} has room for a larger claim`;
}

function adviceFor(
  volume: VolumeAnalysis,
  days: number,
  situation: Situation,
): Recommendation | undefined {
  const isFileSystem = situation.isFileSystem(volume);
  const growing = growingBy(volume.growth);
  const pool = poolOf(volume, situation.allPools);
  if (growing === null || pool === undefined) return undefined;
  const larger = largerFor(volume, growing, (more) => hasRoom(pool, more, situation));
  if (larger === undefined || larger.days <= days) return undefined;
  const { quota } = larger;
  return {
    action: 'raise-quota',
    subject: volumeSubject(volume),
    message: messageOf(pool, days, isFileSystem),
    gainBytes: null,
    gainDays: larger.days - days,
    numbers: [
      measured(
        isFileSystem ? 'days until its quota is reached' : 'days until each block was written',
        days,
        'days',
      ),
      measured('used', volume.used, 'bytes'),
      measured(isFileSystem ? 'quota' : 'size', volume.provisioned, 'bytes'),
      measured('growth', growing, 'bytes-per-day'),
      measured(
        `${isFileSystem ? 'quota' : 'size'} for ${String(larger.days)} days`,
        quota,
        'bytes',
      ),
    ],
    steps: [
      ...(isFileSystem ? [] : [LOOK_INSIDE]),
      `Raise \`spec.resources.requests.storage\` of the claim to ${formatQuantity(quota)}, where its StorageClass allows expansion.`,
      'Without expansion, make a larger claim and copy the data into it.',
    ],
  };
}

/** Volumes about to reach their quota, or their size where they are zvols. */
export function* raiseQuota(situation: Situation): Iterable<Recommendation> {
  for (const volume of situation.volumes) {
    const days = daysLeft(volume);
    if (days === null || days > SOON_DAYS) continue;
    const advice = adviceFor(volume, days, situation);
    if (advice !== undefined) yield advice;
  }
}
