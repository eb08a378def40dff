import { snapshotCrdsInstalled } from '../../../../src/lib/core/rules/validation/snapshot-crds-installed.ts';
import { aCsiDriver, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aContainer, aControllerPod, anApiGroup } from '../../../support/surrounding-builders.ts';

const csiDrivers = [aCsiDriver()];
const pods = [aControllerPod()];

testCheck(snapshotCrdsInstalled, {
  'passes where they are': [
    anInventory({ csiDrivers, pods, apiGroups: [anApiGroup()] }),
    ['PASS prod'],
  ],
  'passes where nobody needs them': [
    anInventory({ csiDrivers, pods: [aControllerPod({ containers: [aContainer()] })] }),
    ['PASS prod'],
  ],
  'warns where they are missing': [anInventory({ csiDrivers, pods }), ['WARNING prod']],
  'warns of those of long ago': [
    anInventory({ csiDrivers, pods, apiGroups: [anApiGroup({ versions: ['v1beta1'] })] }),
    ['WARNING prod'],
  ],
});
