import { parentPathPlain } from '../../../../src/lib/core/rules/validation/parent-path-plain.ts';
import {
  aDataset,
  aDriver,
  aDriverSecret,
  aFolder,
  anInventory,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const at = (parent: string, kind: string) =>
  anInventory({
    drivers: [aDriver({ parent })],
    driverSecrets: [aDriverSecret({ parent, kind })],
    datasets: [aFolder(parent)],
  });

testCheck(parentPathPlain, {
  'passes without a space': [at('tank/k', 'freenas-api-iscsi'), ['PASS tank/k']],
  'passes with one for file shares': [at('tank/my k', 'freenas-api-nfs'), ['PASS tank/my k']],
  'warns of one where the driver makes zvols': [
    at('tank/my k', 'freenas-api-iscsi'),
    ['WARNING tank/my k'],
  ],
  'warns of one where a zvol is': [
    anInventory({
      drivers: [aDriver({ parent: 'tank/my k' })],
      datasets: [aFolder('tank/my k'), aDataset({ id: 'tank/my k/a', kind: 'volume' })],
    }),
    ['WARNING tank/my k'],
  ],
});
