import { csiControllerPresent } from '../../../../src/lib/core/rules/validation/csi-controller-present.ts';
import {
  aCsiDriver,
  aDriverSecret,
  anInventory,
  aStorageClass,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import {
  aContainer,
  aControllerPod,
  aNodePod,
  aSidecar,
} from '../../../support/surrounding-builders.ts';

const driver = 'org.democratic-csi.nfs';
const csiDrivers = [aCsiDriver({ labels: { 'app.kubernetes.io/name': 'democratic-csi' } })];

testCheck(csiControllerPresent, {
  'passes with a controller': [
    anInventory({ csiDrivers, pods: [aControllerPod()] }),
    [`PASS ${driver}`],
  ],
  'passes where pods on nodes do what a controller does': [
    anInventory({
      csiDrivers,
      pods: [aNodePod({ containers: [aContainer(), aSidecar('provisioner', 'v5.2.0')] })],
    }),
    [`PASS ${driver}`],
  ],
  'fails where there is none': [
    anInventory({ csiDrivers, pods: [aNodePod()] }),
    [`FAIL ${driver}`],
  ],
  'knows a driver by its configuration as well': [
    anInventory({ csiDrivers: [aCsiDriver()], driverSecrets: [aDriverSecret()] }),
    [`FAIL ${driver}`],
  ],
  'does not count a pod that has ended': [
    anInventory({ csiDrivers, pods: [aControllerPod({ phase: 'Failed' })] }),
    [`FAIL ${driver}`],
  ],
  'takes no driver for one without a controller whose pods need not say their name': [
    anInventory({ csiDrivers: [aCsiDriver({ name: 'csi.truenas.io' })] }),
    ['SKIPPED csi.truenas.io'],
  ],
  'says nothing of a driver of which nothing is left': [
    anInventory({ storageClasses: [aStorageClass()] }),
    [],
  ],
});
