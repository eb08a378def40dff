import { listed } from '../../../../src/lib/core/model/coverage.ts';
import { parentExists } from '../../../../src/lib/core/rules/validation/parent-exists.ts';
import { type SmallWorld, aDriver, aPool, aPv, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

/** A world whose parent is not where the pool is. */
const elsewhere = (path: string, world: SmallWorld = {}) =>
  anInventory({ ...world, drivers: [aDriver({ parent: path, detachedSnapshotsParent: null })] });

testCheck(parentExists, {
  'passes where it is': [anInventory(), ['PASS tank/k8s']],
  "passes where it is none of the volumes' yet": [
    {
      ...elsewhere('tank/new', {}),
      clusters: elsewhere('tank/new').clusters.map((cluster) => ({
        ...cluster,
        lists: { ...cluster.lists, persistentVolumes: listed([]) },
      })),
    },
    ['PASS tank/new'],
  ],
  'fails where volumes should lie below it': [elsewhere('tank/old'), ['FAIL tank/old']],
  'cannot tell while its pool is away': [
    elsewhere('gone/k8s', { persistentVolumes: [aPv()] }),
    ['SKIPPED gone/k8s'],
  ],
  'cannot tell while its pool is offline': [
    elsewhere('slow/k8s', { pools: [aPool(), aPool({ name: 'slow', status: 'OFFLINE' })] }),
    ['SKIPPED slow/k8s'],
  ],
});
