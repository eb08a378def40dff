import { expect, test } from 'vitest';
import { type Container } from '../../../../src/lib/core/model/container.ts';
import { csiNodeHealth } from '../../../../src/lib/core/rules/health/csi-node-health.ts';
import {
  aCsiDriver,
  anInventory,
  aNode,
  aPod,
  aStorageClass,
  meta,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aContainer } from '../../../support/surrounding-builders.ts';

const nodePod = (node: string, ready = true, container: Partial<Container> = {}) =>
  aPod({
    ...meta(`on-${node}`, 'democratic-csi', { owners: [{ kind: 'DaemonSet', name: 'node' }] }),
    node,
    ready,
    containers: [aContainer(container)],
  });
const world = (...pods: readonly ReturnType<typeof aPod>[]) =>
  anInventory({
    csiDrivers: [aCsiDriver()],
    nodes: [aNode({ name: 'a' }), aNode({ name: 'b' }), aNode({ name: 'down', ready: false })],
    pods,
  });

const DRIVER = 'org.democratic-csi.nfs';
const pulling = { waiting: 'ImagePullBackOff', ready: false };

testCheck(csiNodeHealth, {
  'passes where they run': [world(nodePod('a'), nodePod('b')), [`PASS ${DRIVER}`]],
  'fails where one does not': [
    world(nodePod('a'), nodePod('b', false, pulling)),
    [`FAIL ${DRIVER}`],
  ],
  'passes where the node itself is down': [
    world(nodePod('a'), nodePod('down', false)),
    [`PASS ${DRIVER}`],
  ],
  'is skipped where all nodes are': [world(nodePod('down', false)), [`SKIPPED ${DRIVER}`]],
  'is skipped where no pod was recognised': [world(), [`SKIPPED ${DRIVER}`]],
  'leaves a class without a driver to others': [
    anInventory({ storageClasses: [aStorageClass()] }),
    [],
  ],
});

test('names the pods', () => {
  const [outcome] = outcomesIn(csiNodeHealth, world(nodePod('a'), nodePod('b', false, pulling)));
  expect(outcome?.message).toBe(
    '1 of 2 node pods is down: democratic-csi/on-b: csi-driver is in ImagePullBackOff',
  );
});
