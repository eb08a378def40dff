import { expect, test } from 'vitest';
import { csiNodeCoverage } from '../../../../src/lib/core/rules/validation/csi-node-coverage.ts';
import { aCsiDriver, aNode, anInventory, NOW } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aControllerPod, aCsiNode, aNodePod } from '../../../support/surrounding-builders.ts';

const csiDrivers = [aCsiDriver()];
const first = { nodes: [aNode()], csiNodes: [aCsiNode()], pods: [aNodePod()] };
const second = (over: Parameters<typeof aNode>[0] = {}) => [
  aNode(),
  aNode({ name: 'worker-2', ...over }),
];

testCheck(csiNodeCoverage, {
  'passes where the driver is registered and runs': [
    anInventory({ csiDrivers, ...first }),
    ['PASS worker-1'],
  ],
  'warns of a node without it': [
    anInventory({ csiDrivers, ...first, nodes: second() }),
    ['PASS worker-1', 'WARNING worker-2'],
  ],
  'leaves out nodes that take no pods': [
    anInventory({ csiDrivers, ...first, nodes: second({ schedulable: false }) }),
    ['PASS worker-1'],
  ],
  'does not judge a node that is not ready': [
    anInventory({ csiDrivers, ...first, nodes: second({ ready: false }) }),
    ['PASS worker-1', 'SKIPPED worker-2'],
  ],
  'does not judge a node that has just joined': [
    anInventory({ csiDrivers, ...first, nodes: second({ createdAt: NOW }) }),
    ['PASS worker-1', 'SKIPPED worker-2'],
  ],
  'fails where its pod runs, and the kubelet does not know it': [
    anInventory({ csiDrivers, ...first, csiNodes: [aCsiNode({ drivers: [] })] }),
    ['FAIL worker-1'],
  ],
  'warns where it is registered, and its pod is gone': [
    anInventory({
      csiDrivers,
      nodes: second(),
      csiNodes: [aCsiNode(), aCsiNode({ name: 'worker-2' })],
      pods: [aNodePod()],
    }),
    ['PASS worker-1', 'WARNING worker-2'],
  ],
  'passes where no pod anywhere says its name': [
    anInventory({ csiDrivers, nodes: [aNode()], csiNodes: [aCsiNode()] }),
    ['PASS worker-1'],
  ],
  'leaves a driver that mounts nowhere to another check': [
    anInventory({ csiDrivers, nodes: [aNode()], pods: [aControllerPod()] }),
    [],
  ],
});

test('names every driver that a node lacks', () => {
  const world = anInventory({
    csiDrivers: [aCsiDriver(), aCsiDriver({ name: 'tns.csi.io' })],
    nodes: second(),
    csiNodes: [aCsiNode({ drivers: ['org.democratic-csi.nfs', 'tns.csi.io'] })],
    pods: [aNodePod()],
  });
  const found = outcomesIn(csiNodeCoverage, world).find(
    ({ subject }) => subject?.name === 'worker-2',
  );
  expect(found?.message).toBe('org.democratic-csi.nfs is not there; tns.csi.io is not there');
});
