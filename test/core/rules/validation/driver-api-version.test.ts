import { driverApiVersion } from '../../../../src/lib/core/rules/validation/driver-api-version.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { aDriverSecret, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const asking = (apiVersion: number | null, kind = 'freenas-nfs') =>
  anInventory({
    driverSecrets: [
      aDriverSecret({ name: 'nfs', kind, settings: { ...NO_DRIVER_SETTINGS, apiVersion } }),
    ],
  });

testCheck(driverApiVersion, {
  'passes with version 2': [asking(2), ['PASS democratic-csi/nfs']],
  'passes where it is left to the driver': [asking(null), ['PASS democratic-csi/nfs']],
  'warns of version 1': [asking(1), ['WARNING democratic-csi/nfs']],
  'says nothing of drivers that choose it themselves': [asking(1, 'freenas-api-nfs'), []],
  'says nothing of drivers that need no API': [asking(1, 'zfs-generic-nfs'), []],
});
