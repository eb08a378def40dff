import { csiDriverRegistered } from '../../../../src/lib/core/rules/validation/csi-driver-registered.ts';
import { aCsiDriver, anInventory, aStorageClass } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aControllerPod } from '../../../support/surrounding-builders.ts';

const driver = 'org.democratic-csi.nfs';

testCheck(csiDriverRegistered, {
  'passes where the driver is installed': [
    anInventory({ csiDrivers: [aCsiDriver()], storageClasses: [aStorageClass()] }),
    [`PASS ${driver}`],
  ],
  'fails where volumes are left of a driver that is gone': [
    anInventory({ storageClasses: [aStorageClass()] }),
    [`FAIL ${driver}`],
  ],
  'warns where a driver runs without its object': [
    anInventory({ pods: [aControllerPod()] }),
    [`WARNING ${driver}`],
  ],
  'fails where nothing but volumes is left': [anInventory(), [`FAIL ${driver}`]],
  'warns where nothing but a class is left': [
    anInventory({
      csiDrivers: [aCsiDriver()],
      storageClasses: [aStorageClass({ provisioner: 'csi.truenas.io' })],
    }),
    [`PASS ${driver}`, 'WARNING csi.truenas.io'],
  ],
  'says nothing of other drivers': [
    anInventory({
      csiDrivers: [aCsiDriver()],
      storageClasses: [aStorageClass({ provisioner: 'ebs.csi.aws.com' })],
    }),
    [`PASS ${driver}`],
  ],
});
