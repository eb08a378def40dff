import { driverImagePinned } from '../../../../src/lib/core/rules/validation/driver-image-pinned.ts';
import { aCsiDriver, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aContainer, aControllerPod, aNodePod } from '../../../support/surrounding-builders.ts';

const driver = 'org.democratic-csi.nfs';
const running = (...images: readonly string[]) =>
  anInventory({
    csiDrivers: [aCsiDriver()],
    pods: images.map((image, at) =>
      aNodePod({ name: `node-${at}`, containers: [aContainer({ image })] }),
    ),
  });

testCheck(driverImagePinned, {
  'passes with the tag of a release': [
    running('ghcr.io/democratic-csi/democratic-csi:v1.9.4'),
    [`PASS ${driver}`],
  ],
  'passes with a digest, whatever the tag says': [
    running('ghcr.io/democratic-csi/democratic-csi:next@sha256:0123'),
    [`PASS ${driver}`],
  ],
  'takes the port of a registry for no tag': [
    running('registry.example:5000/democratic-csi/democratic-csi'),
    [`WARNING ${driver}`],
  ],
  'warns of latest': [running('democraticcsi/democratic-csi:latest'), [`WARNING ${driver}`]],
  'warns of a branch': [running('democraticcsi/democratic-csi:next'), [`WARNING ${driver}`]],
  'warns where one of several pods runs it': [
    running('democraticcsi/democratic-csi:v1.9.4', 'democraticcsi/democratic-csi'),
    [`WARNING ${driver}`],
  ],
  'does not judge sidecars': [
    anInventory({ csiDrivers: [aCsiDriver()], pods: [aControllerPod()] }),
    [`PASS ${driver}`],
  ],
  'says nothing where no pod was seen': [anInventory({ csiDrivers: [aCsiDriver()] }), []],
});
