import { type PoolAnalysis, type Recommendation } from '../../model/analysis.ts';
import { type Bytes } from '../../model/units.ts';
import { counted, formatBytes } from '../../render/text/format.ts';
import { percent } from '../../rules/checks/wording.ts';
import { poolSubject } from '../analysis-subject.ts';
import { asBytes, daysLeft, growingBy, ifKnown, measured, type Situation } from './situation.ts';

const SOON_DAYS = 90;
const MORE_DAYS = 180;

interface Need {
  readonly bytes: Bytes;
  readonly label: string;
  readonly days: number | null;
}

/** What the pool lacks: room for half a year of growth, or else what brings it below the first limit. */
function needOf({ growth, used, snapshots }: PoolAnalysis, capacity: number, limit: number): Need {
  const growing = growingBy(growth);
  if (growing !== null) {
    return {
      bytes: asBytes(growing * MORE_DAYS),
      label: `for another ${String(MORE_DAYS)} days`,
      days: MORE_DAYS,
    };
  }
  return {
    bytes: asBytes((used + snapshots) / limit - capacity),
    label: `to be below ${percent(limit)}`,
    days: null,
  };
}

function messageOf(pool: PoolAnalysis, days: number | null, need: Need): string {
  const state =
    days !== null && days <= SOON_DAYS
      ? `pool ${pool.name} is full in ${counted(days, 'day')}`
      : `${percent(pool.usedRatio ?? 0)} of pool ${pool.name} are used`;
  return `${state}: it takes ${formatBytes(need.bytes)} more ${need.label}`;
}

/** Pools that are full soon, or above the first limit. */
export function* expandPool({ pools, thresholds }: Situation): Iterable<Recommendation> {
  for (const pool of pools) {
    const days = daysLeft(pool);
    const { capacity, usedRatio } = pool;
    const soon = days !== null && days <= SOON_DAYS;
    if (capacity === null || usedRatio === null) continue;
    if (!soon && usedRatio < thresholds.poolWarning) continue;
    const need = needOf(pool, capacity, thresholds.poolWarning);
    yield {
      action: 'expand-pool',
      subject: poolSubject(pool),
      message: messageOf(pool, days, need),
      gainBytes: null,
      gainDays: need.days,
      numbers: [
        measured('capacity', capacity, 'bytes'),
        measured('used, with snapshots', pool.used + pool.snapshots, 'bytes'),
        ...ifKnown('days until full', days, 'days'),
        ...ifKnown('growth', growingBy(pool.growth), 'bytes-per-day'),
        measured(`more ${need.label}`, need.bytes, 'bytes'),
      ],
      steps: [
        'Free first what the other recommendations name.',
        'Add a vdev, or replace disks by larger ones: usable bytes are meant, so without parity.',
      ],
    };
  }
}
