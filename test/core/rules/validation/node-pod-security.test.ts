import { nodePodSecurity } from '../../../../src/lib/core/rules/validation/node-pod-security.ts';
import { aCsiDriver, aDriverSecret, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aKubernetesNamespace, aNodePod } from '../../../support/surrounding-builders.ts';

const csiDrivers = [aCsiDriver()];
const labelled = (level: string | undefined) =>
  aKubernetesNamespace({
    labels: level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level },
  });

testCheck(nodePodSecurity, {
  'passes where nothing is enforced': [
    anInventory({ csiDrivers, pods: [aNodePod()], namespaces: [labelled(undefined)] }),
    ['PASS democratic-csi'],
  ],
  'passes where privileged pods are let in': [
    anInventory({ csiDrivers, pods: [aNodePod()], namespaces: [labelled('privileged')] }),
    ['PASS democratic-csi'],
  ],
  'fails where they are not': [
    anInventory({ csiDrivers, pods: [aNodePod()], namespaces: [labelled('baseline')] }),
    ['FAIL democratic-csi'],
  ],
  'fails where they were refused already, and only the configuration is there': [
    anInventory({
      csiDrivers,
      driverSecrets: [aDriverSecret()],
      namespaces: [labelled('restricted')],
    }),
    ['FAIL democratic-csi'],
  ],
  'says nothing of other namespaces': [
    anInventory({
      csiDrivers,
      pods: [aNodePod()],
      namespaces: [aKubernetesNamespace({ name: 'media', labels: labelled('baseline').labels })],
    }),
    [],
  ],
});
