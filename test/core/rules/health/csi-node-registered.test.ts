import { csiNodeRegistered } from '../../../../src/lib/core/rules/health/csi-node-registered.ts';
import { aCsiDriver, anInventory, aNode, aPod, meta, NOW } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aContainer, aCsiNode } from '../../../support/surrounding-builders.ts';

const csiDrivers = [aCsiDriver()];
const nodes = [aNode({ name: 'a' }), aNode({ name: 'b' })];
const registered = (name: string) => aCsiNode(meta(name, null));
const without = (name: string) => aCsiNode({ ...meta(name, null), drivers: [] });
const podOn = (node: string) =>
  aPod({
    ...meta(`on-${node}`, 'democratic-csi', { owners: [{ kind: 'DaemonSet', name: 'node' }] }),
    node,
    containers: [aContainer()],
  });

testCheck(csiNodeRegistered, {
  'passes where every node knows it': [
    anInventory({ csiDrivers, nodes, csiNodes: [registered('a'), registered('b')] }),
    ['PASS a', 'PASS b'],
  ],
  'warns of a node that has no pod of it': [
    anInventory({ csiDrivers, nodes, csiNodes: [registered('a'), without('b')] }),
    ['PASS a', 'WARNING b'],
  ],
  'fails where a pod of it is there and the kubelet does not know it': [
    anInventory({ csiDrivers, nodes, csiNodes: [registered('a')], pods: [podOn('b')] }),
    ['PASS a', 'FAIL b'],
  ],
  'fails where not a single node knows it': [
    anInventory({ csiDrivers, nodes, pods: [podOn('a'), podOn('b')] }),
    ['FAIL a', 'FAIL b'],
  ],
  'passes a node that has just joined': [
    anInventory({
      csiDrivers,
      nodes: [aNode({ name: 'a' }), aNode({ name: 'b', createdAt: NOW })],
      csiNodes: [registered('a')],
    }),
    ['PASS a', 'PASS b'],
  ],
  'leaves out nodes that take no pods': [
    anInventory({
      csiDrivers,
      nodes: [
        aNode({ name: 'a' }),
        aNode({ name: 'down', ready: false }),
        aNode({ name: 'cordoned', schedulable: false }),
      ],
      csiNodes: [registered('a')],
    }),
    ['PASS a'],
  ],
  'says nothing of a driver that is not installed': [anInventory({ nodes }), []],
});
