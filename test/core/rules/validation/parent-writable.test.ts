import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { parentWritable } from '../../../../src/lib/core/rules/validation/parent-writable.ts';
import { aDriver, aDriverSecret, aFolder, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const at = (id: string, over: Partial<Dataset>, hosts: readonly string[] = ['nas1.example']) =>
  anInventory({
    datasets: [aFolder(id, over)],
    drivers: [aDriver({ parent: id })],
    driverSecrets: [aDriverSecret({ hosts, parent: id })],
  });

testCheck(parentWritable, {
  'passes where it is so': [at('tank/k', { readonly: false }), ['PASS tank/k']],
  'fails where it is not': [at('tank/k', { readonly: true }), ['FAIL tank/k']],
  'cannot tell where this may be a replica': [
    at('tank/k', { readonly: true }, ['nas9.example']),
    ['SKIPPED tank/k'],
  ],
  'passes on a replica that is so': [
    at('tank/k', { readonly: false }, ['nas9.example']),
    ['PASS tank/k'],
  ],

  'cannot tell where TrueNAS does not': [at('tank/k', { readonly: null }), ['SKIPPED tank/k']],
});
