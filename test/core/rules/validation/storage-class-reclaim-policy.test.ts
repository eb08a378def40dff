import { storageClassReclaimPolicy } from '../../../../src/lib/core/rules/validation/storage-class-reclaim-policy.ts';
import {
  aCsiDriver,
  aDriverSecret,
  anInventory,
  aStorageClass,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const policy = (reclaimPolicy: string, keepsDeleted: boolean) =>
  anInventory({
    csiDrivers: [aCsiDriver()],
    driverSecrets: [aDriverSecret({ keepsDeleted })],
    storageClasses: [aStorageClass({ reclaimPolicy })],
  });

testCheck(storageClassReclaimPolicy, {
  'passes with Delete': [policy('Delete', false), ['PASS nas-nfs']],
  'passes with Retain, whatever the driver does': [policy('Retain', true), ['PASS nas-nfs']],
  'warns where Delete deletes nothing': [policy('Delete', true), ['WARNING nas-nfs']],
  'says nothing of other drivers': [
    anInventory({ storageClasses: [aStorageClass({ provisioner: 'ebs.csi.aws.com' })] }),
    [],
  ],
});
