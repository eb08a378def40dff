import { poolName } from '../../correlate/paths.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Dataset, type Pool } from '../../model/truenas.ts';
import { defineCheck } from '../define-check.ts';
import { parentsOn, unlessDoubtful } from '../checks/judged-parents.ts';

interface State {
  readonly sound: boolean | undefined;
  readonly seen: string;
}

/** @param name of the pool it would lie on */
function stateOf(dataset: Dataset | undefined, pool: Pool | undefined, name: string): State {
  if (dataset?.kind === 'volume') {
    return { sound: false, seen: 'it is a zvol, and nothing can lie below one' };
  }
  if (dataset?.readonly === true) return { sound: false, seen: 'it is read-only' };
  if (dataset !== undefined) return { sound: true, seen: 'it is there' };
  if (pool === undefined) return { sound: false, seen: `there is no pool ${name}` };
  return pool.status === 'ONLINE' || pool.status === 'DEGRADED'
    ? { sound: true, seen: 'nothing is there yet: its driver makes it when it is needed' }
    : { sound: undefined, seen: `pool ${name} is ${pool.status}` };
}

export const detachedParentExists = defineCheck({
  id: 'detached-parent-exists',
  category: 'validation',
  severity: 'medium',
  component: 'dataset',
  title: 'Detached snapshots have a place to be kept',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'pools', 'parents'],
  consults: [],
  steps: [
    'Correct `zfs.detachedSnapshotsDatasetParentName` of the driver: the example it ships with says `tanks/`, with an s.',
    'Restart its controller, and take a snapshot with a class whose parameter `detachedSnapshots` is "true".',
  ],

  *inspect({ datasets, pools, parents }, { home }) {
    const places = new Map<string, string | undefined>();
    const parentPools = new Set<string>();
    for (const { parent, doubt } of parentsOn(home, parents, datasets)) {
      parentPools.add(poolName(parent.path));
      for (const path of parent.detachedPaths) {
        // One driver that is known to work here is enough to judge the place.
        places.set(path, places.has(path) ? places.get(path) && doubt : doubt);
      }
    }
    const present = new Map(
      datasets.flatMap((each) => (places.has(each.id) ? [[each.id, each] as const] : [])),
    );
    const byName = new Map(pools.map((pool) => [pool.name, pool]));
    for (const [path, doubt] of places) {
      const pool = poolName(path);
      const subject = refOnSystem('Dataset', home, path);
      // A pool that volumes are on as well is no misspelling, and what is wrong with it is said once.
      if (!byName.has(pool) && parentPools.has(pool)) {
        yield { subject, sound: undefined, seen: `pool ${pool} is not imported` };
        continue;
      }
      const { sound, seen } = stateOf(present.get(path), byName.get(pool), pool);
      yield {
        subject,
        ...(sound === undefined ? { sound, seen } : unlessDoubtful(sound, seen, doubt)),
      };
    }
  },
});
