import { storageClassSecrets } from '../../../../src/lib/core/rules/validation/storage-class-secrets.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import {
  A_GROUP,
  aCsiDriver,
  aDriverSecret,
  anInventory,
  aStorageClass,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const STAGE = 'csi.storage.k8s.io/node-stage-secret';
const both = [`${STAGE}-name`, `${STAGE}-namespace`];
const named = (parameterNames: readonly string[], authMethod = 'NONE') =>
  anInventory({
    csiDrivers: [aCsiDriver()],
    driverSecrets: [
      aDriverSecret({
        kind: 'freenas-api-iscsi',
        settings: { ...NO_DRIVER_SETTINGS, targetGroups: [{ ...A_GROUP, authMethod }] },
      }),
    ],
    storageClasses: [aStorageClass({ parameterNames })],
  });

testCheck(storageClassSecrets, {
  'passes where none is needed': [named([]), ['PASS nas-nfs']],
  'passes where name and namespace are there': [named(both, 'CHAP'), ['PASS nas-nfs']],
  'fails where one stands alone': [named(both.slice(0, 1)), ['FAIL nas-nfs']],
  'fails where the other does': [named(both.slice(1)), ['FAIL nas-nfs']],
  'warns where targets want a password and none is named': [
    named([], 'CHAP_MUTUAL'),
    ['WARNING nas-nfs'],
  ],
  'says nothing of other drivers': [
    anInventory({ storageClasses: [aStorageClass({ provisioner: 'ebs.csi.aws.com' })] }),
    [],
  ],
});
