import { type Severity } from '../../model/finding.ts';
import { type Pool } from '../../model/truenas.ts';
import { refToPool, severityOn } from '../checks/pools-in-use.ts';
import { defineCheck } from '../define-check.ts';

/** Nothing on such a pool can be read or written. */
const AWAY: ReadonlySet<string> = new Set([
  'FAULTED',
  'OFFLINE',
  'UNAVAIL',
  'SUSPENDED',
  'REMOVED',
]);

function severityOf({ status, healthy }: Pool): Severity | undefined {
  if (AWAY.has(status)) return 'critical';
  if (status !== 'ONLINE') return 'high';
  return healthy === false ? 'medium' : undefined;
}

export const poolStatus = defineCheck({
  id: 'pool-status',
  category: 'health',
  severity: 'high',
  component: 'pool',
  title: 'Every pool is online and healthy',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools', 'parents'],
  consults: [],
  steps: [
    'Run `zpool status -v` in a shell of TrueNAS, or look under Storage: it names the disk.',
    'Replace or reconnect that disk, and let the resilver end before anything else is changed.',
  ],

  *inspect({ pools, parents }) {
    for (const pool of pools) {
      const severity = severityOf(pool);
      const { name, status } = pool;
      const subject = refToPool(pool);
      yield severity === undefined
        ? { subject, sound: true, seen: `pool ${name} is ${status}` }
        : {
            subject,
            sound: false,
            severity: severityOn(pool, parents, severity),
            seen:
              severity === 'medium'
                ? `pool ${name} is ${status}, and ZFS does not call it healthy`
                : `pool ${name} is ${status}`,
          };
    }
  },
});
