import { csiNodeDaemonsetPresent } from '../../../../src/lib/core/rules/validation/csi-node-daemonset-present.ts';
import { aCsiDriver, anInventory, aStorageClass } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aControllerPod, aNodePod } from '../../../support/surrounding-builders.ts';

const driver = 'org.democratic-csi.nfs';
const csiDrivers = [aCsiDriver({ labels: { 'helm.sh/chart': 'democratic-csi-0.15.1' } })];

testCheck(csiNodeDaemonsetPresent, {
  'passes with pods on nodes': [
    anInventory({ csiDrivers, pods: [aNodePod()] }),
    [`PASS ${driver}`],
  ],
  'fails where there are none': [
    anInventory({ csiDrivers, pods: [aControllerPod()] }),
    [`FAIL ${driver}`],
  ],
  'takes no driver for one without them whose pods need not say their name': [
    anInventory({ csiDrivers: [aCsiDriver({ name: 'tns.csi.io' })] }),
    ['SKIPPED tns.csi.io'],
  ],
  'says nothing of a driver of which nothing is left': [
    anInventory({ storageClasses: [aStorageClass()] }),
    [],
  ],
});
