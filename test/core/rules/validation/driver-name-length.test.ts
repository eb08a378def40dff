import { driverNameLength } from '../../../../src/lib/core/rules/validation/driver-name-length.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { type DriverSecret } from '../../../../src/lib/core/model/kubernetes.ts';
import { aDriverSecret, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const named = (namePrefix: string, nameSuffix: string | null, over: Partial<DriverSecret> = {}) =>
  anInventory({
    driverSecrets: [
      aDriverSecret({
        name: 'iscsi',
        kind: 'freenas-api-iscsi',
        settings: { ...NO_DRIVER_SETTINGS, namePrefix, nameSuffix },
        ...over,
      }),
    ],
  });

const secret = 'democratic-csi/iscsi';

testCheck(driverNameLength, {
  'passes with 24 letters around the name': [
    named('csi-', '-'.padEnd(20, 'x')),
    [`PASS ${secret}`],
  ],
  'warns of 25': [named('csi-', '-'.padEnd(21, 'x')), [`WARNING ${secret}`]],
  'counts a hash as shorter': [
    named('csi-', '-'.padEnd(28, 'x'), { handleRule: 'hash' }),
    [`PASS ${secret}`],
  ],
  'does not know how long a template makes them': [
    named('csi-', null, { handleRule: 'template' }),
    [`SKIPPED ${secret}`],
  ],
  'fails where the path of a zvol is too long': [
    named('', null, { parent: `tank/${'x'.repeat(205)}` }),
    [`FAIL ${secret}`],
  ],
  'passes where it just fits': [
    named('', null, { parent: `tank/${'x'.repeat(204)}` }),
    [`PASS ${secret}`],
  ],
  'has no limit for names of subsystems': [
    named('x'.repeat(60), null, { kind: 'freenas-api-nvmeof' }),
    [`PASS ${secret}`],
  ],
  'says nothing of datasets': [anInventory({ driverSecrets: [aDriverSecret()] }), []],
});
