import { expect, test } from 'vitest';
import { indexCluster, podsOf } from '../../../../src/lib/core/rules/checks/attached-pods.ts';
import { aClaim, anAttachment, aNode, aPod, aPv } from '../../../support/builders.ts';

const inline = [{ kind: 'nfs', server: 'n', path: '/mnt/tank/media' }] as const;
const pods = [
  aPod({ claims: ['scratch', 'library'] }),
  aPod({ name: 'elsewhere', node: 'worker-2', claims: ['library'] }),
  aPod({ name: 'namesake', namespace: 'office', claims: ['library'] }),
  aPod({ name: 'done', phase: 'Succeeded', claims: ['library'] }),
  aPod({ name: 'inline', inlineVolumes: inline }),
  aPod({ name: 'idle' }),
];
const attached = (pv = aPv(), claim = aClaim(), over = {}): readonly string[] =>
  podsOf(anAttachment(over), indexCluster([aNode()], [pv], [claim], pods));

test('a volume is mounted by the pods on its node that use its claim, among others', () => {
  expect(attached()).toEqual(['media/player-0']);
});

test('its claim is told by the volume or by the claim, whichever says so', () => {
  expect(attached(aPv({ claim: null }))).toEqual(['media/player-0']);
  expect(attached(aPv(), aClaim({ name: 'other', volumeName: null }))).toEqual(['media/player-0']);
  expect(attached(aPv({ claim: null }), aClaim({ volumeName: null }))).toEqual([]);
});

test('a volume written into a pod may be that of any pod on the node that has one', () => {
  expect(attached(aPv(), aClaim(), { volumeName: null })).toEqual(['media/inline']);
});

test('on a node without pods nobody mounts it', () => {
  expect(attached(aPv(), aClaim(), { node: 'worker-9' })).toEqual([]);
});
