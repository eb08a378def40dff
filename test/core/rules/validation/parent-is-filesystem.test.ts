import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { parentIsFilesystem } from '../../../../src/lib/core/rules/validation/parent-is-filesystem.ts';
import { aDriver, aDriverSecret, aFolder, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const at = (id: string, over: Partial<Dataset>, hosts: readonly string[] = ['nas1.example']) =>
  anInventory({
    datasets: [aFolder(id, over)],
    drivers: [aDriver({ parent: id })],
    driverSecrets: [aDriverSecret({ hosts, parent: id })],
  });

testCheck(parentIsFilesystem, {
  'passes where it is so': [at('tank/k', { kind: 'filesystem' }), ['PASS tank/k']],
  'fails where it is not': [at('tank/k', { kind: 'volume' }), ['FAIL tank/k']],
  'cannot tell where this may be a replica': [
    at('tank/k', { kind: 'volume' }, ['nas9.example']),
    ['SKIPPED tank/k'],
  ],
  'passes on a replica that is so': [
    at('tank/k', { kind: 'filesystem' }, ['nas9.example']),
    ['PASS tank/k'],
  ],
});
