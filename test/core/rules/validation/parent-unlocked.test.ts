import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { parentUnlocked } from '../../../../src/lib/core/rules/validation/parent-unlocked.ts';
import { aDriver, aDriverSecret, aFolder, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const at = (id: string, over: Partial<Dataset>, hosts: readonly string[] = ['nas1.example']) =>
  anInventory({
    datasets: [aFolder(id, over)],
    drivers: [aDriver({ parent: id })],
    driverSecrets: [aDriverSecret({ hosts, parent: id })],
  });

testCheck(parentUnlocked, {
  'passes where it is so': [at('tank/k', { locked: false }), ['PASS tank/k']],
  'fails where it is not': [at('tank/k', { locked: true }), ['FAIL tank/k']],
  'cannot tell where this may be a replica': [
    at('tank/k', { locked: true }, ['nas9.example']),
    ['SKIPPED tank/k'],
  ],
  'passes on a replica that is so': [
    at('tank/k', { locked: false }, ['nas9.example']),
    ['PASS tank/k'],
  ],
});
