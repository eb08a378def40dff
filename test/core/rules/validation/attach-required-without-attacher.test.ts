import { attachRequiredWithoutAttacher } from '../../../../src/lib/core/rules/validation/attach-required-without-attacher.ts';
import { aCsiDriver, anInventory, aStorageClass } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aContainer, aControllerPod, aNodePod } from '../../../support/surrounding-builders.ts';

const driver = 'org.democratic-csi.nfs';
const withoutAttacher = aControllerPod({ containers: [aContainer()] });

testCheck(attachRequiredWithoutAttacher, {
  'passes where the attacher runs': [
    anInventory({ csiDrivers: [aCsiDriver()], pods: [aControllerPod()] }),
    [`PASS ${driver}`],
  ],
  'passes where nothing has to be attached': [
    anInventory({ csiDrivers: [aCsiDriver({ attachRequired: false })], pods: [withoutAttacher] }),
    [`PASS ${driver}`],
  ],
  'knows the attacher by its container, whatever its image is called': [
    anInventory({
      csiDrivers: [aCsiDriver()],
      pods: [
        aControllerPod({
          containers: [
            aContainer(),
            aContainer({ name: 'external-attacher', image: 'mirror/x@sha256:1', args: [] }),
          ],
        }),
      ],
    }),
    [`PASS ${driver}`],
  ],
  'fails where it is missing': [
    anInventory({ csiDrivers: [aCsiDriver()], pods: [withoutAttacher] }),
    [`FAIL ${driver}`],
  ],
  'does not know where no controller was seen': [
    anInventory({ csiDrivers: [aCsiDriver()], pods: [aNodePod()] }),
    [`SKIPPED ${driver}`],
  ],
  'says nothing where the driver is not registered': [
    anInventory({ storageClasses: [aStorageClass()] }),
    [],
  ],
});
