import { driverTlsInsecure } from '../../../../src/lib/core/rules/validation/driver-tls-insecure.ts';
import {
  type DriverSettings,
  NO_DRIVER_SETTINGS,
} from '../../../../src/lib/core/model/driver-settings.ts';
import { aDriverSecret, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const speaking = (over: Partial<DriverSettings>, kind = 'freenas-api-nfs') =>
  anInventory({
    driverSecrets: [
      aDriverSecret({ name: 'nfs', kind, settings: { ...NO_DRIVER_SETTINGS, ...over } }),
    ],
  });

testCheck(driverTlsInsecure, {
  'passes where certificates are checked': [
    speaking({ protocol: 'https', allowInsecure: false }),
    ['PASS democratic-csi/nfs'],
  ],
  'passes where nothing is said': [speaking({ protocol: 'https' }), ['PASS democratic-csi/nfs']],
  'warns where they are not': [
    speaking({ protocol: 'https', allowInsecure: true }),
    ['WARNING democratic-csi/nfs'],
  ],
  'says nothing without TLS': [speaking({ protocol: 'http', allowInsecure: true }), []],
  'says nothing of drivers that need no API': [
    speaking({ allowInsecure: true }, 'zfs-generic-nfs'),
    [],
  ],
});
