import { parentPoolOnline } from '../../../../src/lib/core/rules/validation/parent-pool-online.ts';
import { aDriver, aDriverSecret, aFolder, aPool, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

testCheck(parentPoolOnline, {
  'passes while it is online': [anInventory(), ['PASS tank']],
  'passes while it is degraded, and serves': [
    anInventory({ pools: [aPool({ status: 'DEGRADED' })] }),
    ['PASS tank'],
  ],
  'fails while it is offline': [
    anInventory({ pools: [aPool({ status: 'FAULTED' })] }),
    ['FAIL tank'],
  ],
  'fails where it is not imported': [
    anInventory({ drivers: [aDriver(), aDriver({ parent: 'tanks/k8s' })] }),
    ['PASS tank', 'FAIL tanks'],
  ],
  'cannot tell where this may be a replica': [
    anInventory({
      pools: [aPool(), aPool({ name: 'copy', status: 'FAULTED' })],
      datasets: [aFolder('copy/k8s')],
      drivers: [aDriver({ parent: 'copy/k8s' })],
      driverSecrets: [aDriverSecret({ parent: 'copy/k8s', hosts: ['nas9.example'] })],
    }),
    ['SKIPPED copy'],
  ],
});
