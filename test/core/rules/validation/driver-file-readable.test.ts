import { NO_SETTINGS } from '../../../../src/lib/core/model/settings.ts';
import { driverFileReadable } from '../../../../src/lib/core/rules/validation/driver-file-readable.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const values = { path: 'nfs-values.yaml', faults: [] };
const broken = { path: 'iscsi-values.yaml', faults: ['is not YAML'] };

testCheck(driverFileReadable, {
  'says nothing where no file was looked at': [anInventory({ settings: NO_SETTINGS }), []],
  'judges each file': [
    anInventory({ settings: { ...NO_SETTINGS, driverFiles: [values, broken] } }),
    ['PASS nfs-values.yaml', 'FAIL iscsi-values.yaml'],
  ],
});
