import { poolName } from '../../correlate/paths.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Pool } from '../../model/truenas.ts';
import { defineCheck } from '../define-check.ts';
import { parentsOn, unlessDoubtful } from '../checks/judged-parents.ts';

/** States in which a pool can be read and written. */
const SERVES: ReadonlySet<string> = new Set(['ONLINE', 'DEGRADED']);

function stateOf(pool: Pool | undefined): { sound: boolean; seen: string } {
  if (pool === undefined) return { sound: false, seen: 'it is not imported' };
  const { status } = pool;
  if (status === 'ONLINE') return { sound: true, seen: 'it is ONLINE' };
  return SERVES.has(status)
    ? { sound: true, seen: `it is ${status}, and serves all the same` }
    : { sound: false, seen: `it is ${status}: nothing on it can be read or written` };
}

export const parentPoolOnline = defineCheck({
  id: 'parent-pool-online',
  category: 'validation',
  severity: 'high',
  component: 'pool',
  title: 'The pools of parents are imported and online',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools', 'datasets', 'parents'],
  consults: [],
  steps: [
    'See what TrueNAS says of the pool (Storage, and `zpool status -v`), and whether its disks are there.',
    'Import it if it was exported; where there is none of that name, correct the parent in the configuration of the driver or under `drivers:`.',
    'Delete nothing that seems to be missing before the pool is back.',
  ],

  *inspect({ pools, datasets, parents }, { home }) {
    const doubts = new Map<string, string | undefined>();
    for (const { parent, doubt } of parentsOn(home, parents, datasets)) {
      const pool = poolName(parent.path);
      doubts.set(pool, doubts.has(pool) ? doubts.get(pool) && doubt : doubt);
    }
    const byName = new Map(pools.map((pool) => [pool.name, pool]));
    for (const [name, doubt] of doubts) {
      const { sound, seen } = stateOf(byName.get(name));
      yield { subject: refOnSystem('Pool', home, name), ...unlessDoubtful(sound, seen, doubt) };
    }
  },
});
