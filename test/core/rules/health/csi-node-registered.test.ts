import { describe, expect, test } from 'vitest';
import { csiNodeRegistered } from '../../../../src/lib/core/rules/health/csi-node-registered.ts';
import {
  aCsiDriver,
  aDriver,
  anInventory,
  aNode,
  aPod,
  meta,
  NOW,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
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

describe('what it says of several drivers', () => {
  const drivers = ['nfs', 'iscsi', 'smb'].map((kind) => `org.democratic-csi.${kind}`);
  const said = (pods: boolean, missing: readonly string[]) =>
    outcomesIn(
      csiNodeRegistered,
      anInventory({
        drivers: drivers.map((driver) => aDriver({ driver })),
        csiDrivers: drivers.map((name) => aCsiDriver({ name })),
        nodes: [aNode({ name: 'b' })],
        csiNodes: [
          aCsiNode({ ...meta('a', null), drivers }),
          aCsiNode({
            ...meta('b', null),
            drivers: drivers.filter((name) => !missing.some((kind) => name.endsWith(kind))),
          }),
        ],
        pods: pods ? [podOn('b')] : [],
      }),
    )[0]?.message;

  test('tells those with a pod there from those without', () => {
    expect(said(true, ['nfs', 'iscsi', 'smb'])).toBe(
      'org.democratic-csi.nfs has a pod there and is not registered, and org.democratic-csi.iscsi and org.democratic-csi.smb have no pod there and are not registered: their volumes cannot be mounted there',
    );
  });

  test('and speaks of one as of one', () => {
    expect(said(true, ['nfs'])).toBe(
      'org.democratic-csi.nfs has a pod there and is not registered: its volumes cannot be mounted there',
    );
    expect(said(false, ['iscsi', 'smb'])).toBe(
      'org.democratic-csi.iscsi and org.democratic-csi.smb have no pod there and are not registered: their volumes cannot be mounted there',
    );
  });
});
