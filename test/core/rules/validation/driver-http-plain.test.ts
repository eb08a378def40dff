import { expect, test } from 'vitest';
import { driverHttpPlain } from '../../../../src/lib/core/rules/validation/driver-http-plain.ts';
import {
  type DriverSettings,
  NO_DRIVER_SETTINGS,
} from '../../../../src/lib/core/model/driver-settings.ts';
import { aDriverSecret, anInventory, aSystem } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const speaking = (over: Partial<DriverSettings>, kind = 'freenas-api-nfs', version = '24.10.2') =>
  anInventory({
    system: aSystem({ version }),
    driverSecrets: [
      aDriverSecret({ name: 'nfs', kind, settings: { ...NO_DRIVER_SETTINGS, ...over } }),
    ],
  });

const key = { protocol: 'http', hasApiKey: true };

testCheck(driverHttpPlain, {
  'passes over TLS': [
    speaking({ protocol: 'https', hasApiKey: true }),
    ['PASS democratic-csi/nfs'],
  ],
  'fails with a key in the clear': [speaking(key), ['FAIL democratic-csi/nfs']],
  'warns of a password in the clear': [
    speaking({ protocol: 'HTTP', hasPassword: true }),
    ['WARNING democratic-csi/nfs'],
  ],
  'does not know where the protocol cannot be read': [speaking({}), ['SKIPPED democratic-csi/nfs']],
  'says nothing of drivers that need no API': [speaking(key, 'zfs-generic-nfs'), []],
});

test.each([
  ['24.10.2', 'high'],
  ['25.04.0', 'critical'],
  ['unknown', 'high'],
])('a key in the clear is, on TrueNAS %s, %s', (version, severity) => {
  const found = outcomesIn(driverHttpPlain, speaking(key, 'freenas-nfs', version));
  expect(found.map((outcome) => outcome.severity)).toEqual([severity]);
});
