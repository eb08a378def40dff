import { usableSpace } from '../../analysis/pool-space.ts';
import { type Dataset, type Pool } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { counted, formatBytes } from '../../render/text/format.ts';
import { type PromisedVolume, volumesByPool } from '../checks/driver-volumes.ts';
import { refToPool, rootsOf } from '../checks/pools-in-use.ts';
import { unseenDrivers } from '../checks/unseen-drivers.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function judge(
  pool: Pool,
  root: Dataset | undefined,
  volumes: readonly PromisedVolume[],
  limit: number,
  unseen: string | undefined,
): Omit<Inspection, 'subject'> {
  const { name, status } = pool;
  const { capacity } = usableSpace(pool, root);
  if (capacity === null || capacity === 0) {
    return { sound: undefined, seen: `pool ${name} is ${status} and does not tell its size` };
  }
  if (volumes.length === 0 && unseen !== undefined) {
    return { sound: undefined, seen: `no volume was found on pool ${name}: ${unseen}` };
  }
  const total = volumes.reduce((sum, { promised }) => sum + promised, 0);
  const promised = bytes(Math.min(total, Number.MAX_SAFE_INTEGER));
  const ratio = total / capacity;
  return {
    sound: ratio <= limit,
    seen: `${counted(volumes.length, 'dataset')} of drivers on pool ${name} may grow to ${formatBytes(promised)}, ${ratio.toFixed(2)} times its ${formatBytes(capacity)}`,
  };
}

export const overcommit = defineCheck({
  id: 'overcommit',
  category: 'health',
  severity: 'medium',
  component: 'capacity',
  title: 'No pool has promised far more than it has',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools', 'datasets', 'parents'],
  consults: ['persistentVolumes', 'driverSecrets'],
  steps: [
    'See which volumes are much larger than what is in them, and make claims of new ones smaller: no volume can be shrunk.',
    'Add disks before the volumes grow, or raise `thresholds.max_overcommit_ratio` if this much is meant.',
  ],

  *inspect({ pools, datasets, parents, ...traces }, { policy }) {
    const unseen = unseenDrivers(traces);
    const volumes = volumesByPool(datasets, parents);
    const roots = rootsOf(datasets);
    for (const pool of pools) {
      yield {
        subject: refToPool(pool),
        ...judge(
          pool,
          roots.get(pool.name),
          volumes.get(pool.name) ?? [],
          policy.thresholds.maxOvercommit,
          unseen,
        ),
      };
    }
  },
});
