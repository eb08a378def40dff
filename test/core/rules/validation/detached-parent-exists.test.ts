import { detachedParentExists } from '../../../../src/lib/core/rules/validation/detached-parent-exists.ts';
import {
  type SmallWorld,
  aDriver,
  aFolder,
  aPool,
  anInventory,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const at = (path: string, world: SmallWorld = {}) =>
  anInventory({ ...world, drivers: [aDriver({ detachedSnapshotsParent: path })] });

testCheck(detachedParentExists, {
  'passes where it is': [
    at('tank/detached', { datasets: [aFolder('tank/detached')] }),
    ['PASS tank/detached'],
  ],
  'passes where the driver has yet to make it': [at('tank/detached'), ['PASS tank/detached']],
  'warns of a pool that is not there': [at('tanks/detached'), ['WARNING tanks/detached']],
  'leaves a pool that is away to the check of its pool': [
    anInventory({ pools: [aPool({ name: 'other' })] }),
    ['SKIPPED tank/detached'],
  ],
  'warns of a zvol': [
    at('tank/detached', { datasets: [aFolder('tank/detached', { kind: 'volume' })] }),
    ['WARNING tank/detached'],
  ],
  'warns of one that is read-only': [
    at('tank/detached', { datasets: [aFolder('tank/detached', { readonly: true })] }),
    ['WARNING tank/detached'],
  ],
  'cannot tell on a pool that is not online': [
    at('slow/detached', { pools: [aPool(), aPool({ name: 'slow', status: 'OFFLINE' })] }),
    ['SKIPPED slow/detached'],
  ],
});
