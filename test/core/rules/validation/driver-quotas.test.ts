import { driverQuotas } from '../../../../src/lib/core/rules/validation/driver-quotas.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { aDriverSecret, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const withQuotas = (enableQuotas: boolean | null, kind = 'freenas-nfs') =>
  anInventory({
    driverSecrets: [
      aDriverSecret({ name: 'nfs', kind, settings: { ...NO_DRIVER_SETTINGS, enableQuotas } }),
    ],
  });

testCheck(driverQuotas, {
  'passes where they are on': [withQuotas(true), ['PASS democratic-csi/nfs']],
  'warns where they are off': [withQuotas(false), ['WARNING democratic-csi/nfs']],
  'warns where nothing is said of them': [withQuotas(null), ['WARNING democratic-csi/nfs']],
  'says nothing of zvols': [withQuotas(false, 'freenas-iscsi'), []],
  'judges a Secret with two configurations by the worse': [
    anInventory({
      driverSecrets: [true, false].map((enableQuotas) =>
        aDriverSecret({ name: 'nfs', settings: { ...NO_DRIVER_SETTINGS, enableQuotas } }),
      ),
    }),
    ['WARNING democratic-csi/nfs'],
  ],
});
