import { type Severity } from '../../model/finding.ts';
import { type Thresholds } from '../../model/settings.ts';
import { type Pool } from '../../model/truenas.ts';
import { formatBytes } from '../../render/text/format.ts';
import { refToPool, severityOn } from '../checks/pools-in-use.ts';
import { percent } from '../checks/wording.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function severityOf(used: number, { poolWarning, poolCritical }: Thresholds): Severity | undefined {
  if (used >= poolCritical) return 'critical';
  return used >= poolWarning ? 'medium' : undefined;
}

function judge(pool: Pool, thresholds: Thresholds): Omit<Inspection, 'subject'> {
  const { name, status, size, allocated } = pool;
  if (size === null || allocated === null || size === 0) {
    return { sound: undefined, seen: `pool ${name} is ${status} and does not tell its size` };
  }
  const used = allocated / size;
  const seen = `${percent(used)} of ${formatBytes(size)} of pool ${name} are used`;
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
  consults: [],
  steps: [
    'See with `truenas-monitor orphans` what forgotten volumes and snapshots hold.',
    'Delete snapshots and data that nobody needs, or add disks: ZFS becomes slow long before a pool is full, and nothing can be written once it is.',
  ],

  *inspect({ pools, parents }, { policy }) {
    for (const pool of pools) {
      const judgement = judge(pool, policy.thresholds);
      const { severity } = judgement;
      yield {
        subject: refToPool(pool),
        ...judgement,
        ...(severity === undefined ? {} : { severity: severityOn(pool, parents, severity) }),
      };
    }
  },
});
