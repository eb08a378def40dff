import { storageClassExpansion } from '../../../../src/lib/core/rules/validation/storage-class-expansion.ts';
import { anInventory, aStorageClass } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

testCheck(storageClassExpansion, {
  'passes where volumes can grow': [
    anInventory({ storageClasses: [aStorageClass()] }),
    ['PASS nas-nfs'],
  ],
  'warns where they cannot': [
    anInventory({ storageClasses: [aStorageClass({ allowsExpansion: false })] }),
    ['WARNING nas-nfs'],
  ],
  'says nothing of other drivers': [
    anInventory({
      storageClasses: [aStorageClass({ provisioner: 'ebs.csi.aws.com', allowsExpansion: false })],
    }),
    [],
  ],
});
