import { usableSpace } from '../../analysis/pool-space.ts';
import { type Severity } from '../../model/finding.ts';
import { type Thresholds } from '../../model/settings.ts';
import { type Dataset, type Pool } from '../../model/truenas.ts';
import { formatBytes } from '../../render/text/format.ts';
import { refToPool, rootsOf, severityOn } from '../checks/pools-in-use.ts';
import { percent } from '../checks/wording.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function severityOf(used: number, { poolWarning, poolCritical }: Thresholds): Severity | undefined {
  if (used >= poolCritical) return 'critical';
  return used >= poolWarning ? 'medium' : undefined;
}

function judge(
  pool: Pool,
  root: Dataset | undefined,
  thresholds: Thresholds,
): Omit<Inspection, 'subject'> {
  const { name, status } = pool;
  const { capacity, used: taken } = usableSpace(pool, root);
  if (capacity === null || taken === null || capacity === 0) {
    return { sound: undefined, seen: `pool ${name} is ${status} and does not tell its size` };
  }
  const used = taken / capacity;
  const seen = `${percent(used)} of ${formatBytes(capacity)} of pool ${name} are used`;
  const severity = severityOf(used, thresholds);
  return severity === undefined ? { sound: true, seen } : { sound: false, seen, severity };
}

export const poolCapacity = defineCheck({
  id: 'pool-capacity',
  category: 'health',
  severity: 'critical',
  component: 'capacity',
  title: 'Every pool has free space',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools', 'parents'],
  // Only its root dataset tells what can be filled; without it the raw size has to do.
  consults: ['datasets'],
  steps: [
    'See with `truenas-monitor orphans` what forgotten volumes and snapshots hold.',
    'Delete snapshots and data that nobody needs, or add disks: ZFS becomes slow long before a pool is full, and nothing can be written once it is.',
  ],

  *inspect({ pools, parents, datasets }, { policy }) {
    const roots = rootsOf(datasets.items);
    for (const pool of pools) {
      const judgement = judge(pool, roots.get(pool.name), policy.thresholds);
      const { severity } = judgement;
      yield {
        subject: refToPool(pool),
        ...judgement,
        ...(severity === undefined ? {} : { severity: severityOn(pool, parents, severity) }),
      };
    }
  },
});
