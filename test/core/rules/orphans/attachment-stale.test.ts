import { describe, expect, test } from 'vitest';
import { attachmentStale } from '../../../../src/lib/core/rules/orphans/attachment-stale.ts';
import {
  aClaim,
  aDataset,
  aMapping,
  anAttachment,
  anExtent,
  anInventory,
  anIscsiPv,
  aNamespace,
  aNode,
  aPod,
  aPv,
  aSubsystem,
  aTarget,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
} from '../../../support/builders.ts';
import {
  checkOf,
  findingsOf,
  systemListsReadAgain,
  testRule,
  withoutList,
} from '../../../support/rule-tester.ts';

const NAME = 'csi-0123456789abcdef';
const firstSeen = new Map([[`cluster-uid attachment-stale VolumeAttachment//${NAME}`, LONG_AGO]]);
const detachError = {
  message: 'rpc error: code = Internal desc = logout failed.',
  since: LONG_AGO,
};
const onGoneNode = anAttachment({ node: 'worker-9' });
const stuck = anAttachment({ deletedAt: LONG_AGO, detachError });

const zvol = {
  datasets: [aDataset({ kind: 'volume', refquota: null })],
  persistentVolumes: [anIscsiPv()],
  iscsiTargets: [aTarget()],
  iscsiExtents: [anExtent()],
  iscsiTargetExtents: [aMapping()],
};
const world = {
  nodes: [aNode()],
  datasets: [aDataset()],
  persistentVolumes: [aPv()],
  persistentVolumeClaims: [aClaim()],
  firstSeen,
};

testRule(attachmentStale, {
  certain: {
    'an attachment to a node that is gone': [
      anInventory({ ...world, volumeAttachments: [onGoneNode] }),
      [NAME],
    ],
    'an attachment of a zvol to a node that is gone, without a session': [
      anInventory({ ...world, ...zvol, volumeAttachments: [onGoneNode] }),
      [NAME],
    ],
    'an attachment of a volume that is gone': [
      anInventory({ ...world, persistentVolumes: [], volumeAttachments: [anAttachment()] }),
      [NAME],
    ],
    'an attachment that cannot be detached': [
      anInventory({ ...world, firstSeen: new Map(), volumeAttachments: [stuck] }),
      [NAME],
    ],
    'an attachment whose volume is used on another node': [
      anInventory({
        ...world,
        volumeAttachments: [onGoneNode],
        pods: [
          aPod({ claims: ['library'] }),
          aPod({ name: 'over', node: 'worker-9', claims: ['library'], phase: 'Failed' }),
          aPod({ name: 'else', node: 'worker-9', claims: ['other'] }),
        ],
      }),
      [NAME],
    ],
    'an attachment of an inline volume to a node that is gone': [
      anInventory({
        ...world,
        volumeAttachments: [anAttachment({ node: 'worker-9', volumeName: null })],
      }),
      [NAME],
    ],
  },
  likely: {
    'an attachment that is seen so for the first time': [
      anInventory({ ...world, firstSeen: new Map(), volumeAttachments: [onGoneNode] }),
      [NAME],
      'stale-for-threshold',
    ],
    'an attachment with a session left on the NAS': [
      anInventory({
        ...world,
        ...zvol,
        volumeAttachments: [onGoneNode],
        iscsiSessions: [
          {
            system: 'nas1',
            initiator: 'iqn.1993-08.org.debian:01:abc',
            target: `iqn.2005-10.org.freenas.ctl:csi-${HANDLE}`,
          },
        ],
      }),
      [NAME],
      'no-iscsi-session',
    ],
    'an attachment with an NVMe-oF session left on the NAS': [
      anInventory({
        ...world,
        ...zvol,
        volumeAttachments: [onGoneNode],
        nvmetSubsystems: [aSubsystem()],
        nvmetNamespaces: [aNamespace()],
        nvmetSessions: [{ system: 'nas1', subsystemId: 5, host: 'nqn.2014-08.org:worker-9' }],
      }),
      [NAME],
      'no-nvme-session',
    ],
    'an attachment whose dataset could not be looked for': [
      withoutList(anInventory({ ...world, ...zvol, volumeAttachments: [onGoneNode] }), 'datasets'),
      [NAME],
      'no-session',
    ],
  },
  silent: {
    'an attachment in order': anInventory({ ...world, volumeAttachments: [anAttachment()] }),
    'an attachment in order of an inline volume': anInventory({
      ...world,
      volumeAttachments: [anAttachment({ volumeName: null })],
    }),
    'a node that is merely not ready': anInventory({
      ...world,
      nodes: [aNode({ ready: false })],
      volumeAttachments: [anAttachment(), anAttachment({ ...stuck, name: 'csi-stuck' })],
    }),
    'a node whose state is unknown': anInventory({
      ...world,
      nodes: [aNode({ ready: null })],
      volumeAttachments: [stuck],
    }),
    'an attachment that is being detached, without an error': anInventory({
      ...world,
      volumeAttachments: [anAttachment({ deletedAt: LONG_AGO })],
    }),
    'an attachment with an error of the past': anInventory({
      ...world,
      volumeAttachments: [anAttachment({ detachError })],
    }),
    'an attachment whose deletion began just now': anInventory({
      ...world,
      volumeAttachments: [anAttachment({ deletedAt: JUST_NOW, detachError })],
    }),
    'an attachment that was made just now': anInventory({
      ...world,
      volumeAttachments: [anAttachment({ node: 'worker-9', createdAt: JUST_NOW })],
    }),
    'a pod on that node that uses the volume': anInventory({
      ...world,
      volumeAttachments: [onGoneNode],
      pods: [aPod({ node: 'worker-9', claims: ['library'] })],
    }),
    'a pod on that node whose claim alone names the volume that is gone': anInventory({
      ...world,
      persistentVolumes: [],
      volumeAttachments: [anAttachment()],
      pods: [aPod({ claims: ['library'] })],
    }),
    'a pod on that node with an inline volume': anInventory({
      ...world,
      volumeAttachments: [anAttachment({ node: 'worker-9', volumeName: null })],
      pods: [
        aPod({
          node: 'worker-9',
          inlineVolumes: [{ kind: 'nfs', server: 'nas', path: '/mnt/tank/x' }],
        }),
      ],
    }),
    'a cluster without a single node': anInventory({
      ...world,
      nodes: [],
      volumeAttachments: [onGoneNode],
    }),
    'an attachment of some other storage': anInventory({
      ...world,
      volumeAttachments: [anAttachment({ node: 'worker-9', attacher: 'ebs.csi.aws.com' })],
    }),
  },
});

describe('what it says', () => {
  const only = (over: Parameters<typeof anInventory>[0]) => {
    const [finding] = findingsOf(attachmentStale, anInventory({ ...world, ...over }));
    return finding && [finding.reason, finding.remedy.steps[0], finding.remedy.safe];
  };

  test('names the node that is gone, and asks whether its machine is', () => {
    expect(only({ volumeAttachments: [onGoneNode] })).toEqual([
      'its node worker-9 does not exist',
      expect.stringContaining('switched off or was destroyed'),
      false,
    ]);
  });

  test('names the volume that is gone', () => {
    expect(only({ volumeAttachments: [anAttachment()], persistentVolumes: [] })).toEqual([
      `its PersistentVolume ${HANDLE} does not exist`,
      expect.stringContaining('has the volume mounted'),
      false,
    ]);
  });

  test('tells the error of the detachment', () => {
    expect(only({ volumeAttachments: [stuck] })?.[0]).toBe(
      'detaching it from worker-1 fails: rpc error: code = Internal desc = logout failed',
    );
  });

  test('points at both sides of its volume', () => {
    const [finding] = findingsOf(
      attachmentStale,
      anInventory({ ...world, volumeAttachments: [onGoneNode] }),
    );
    expect(finding?.kubernetesReference).toBe('media/library');
    expect(finding?.truenasReference).toBe(`${PARENT}/${HANDLE}`);
    expect(finding?.place).toEqual({ system: 'nas1', path: `${PARENT}/${HANDLE}` });
  });
});

test('sessions are read again where a machine could still hold one, and only there', () => {
  const listsOf = (over: Parameters<typeof anInventory>[0]) =>
    systemListsReadAgain(
      attachmentStale,
      anInventory({ ...world, ...over, volumeAttachments: [onGoneNode] }),
    );
  expect(listsOf(zvol)).toEqual(['iscsiSessions', 'nvmetSessions']);
  expect(listsOf({})).toEqual([]);
});

test('says how many nodes were read, how the one it is on is, and which pods use it', () => {
  const seen = (check: string, over: Parameters<typeof anInventory>[0]) =>
    checkOf(attachmentStale, anInventory({ ...world, ...over }), NAME, check);
  const gone = { volumeAttachments: [onGoneNode] };
  expect(seen('nodes-seen', gone)).toEqual(['passed', 'nodes read: 1']);
  expect(seen('nodes-seen', { ...gone, nodes: [] })).toEqual([
    'unknown',
    'not a single node was read',
  ]);
  expect(seen('node-settled', gone)).toEqual(['passed', 'no such node']);
  expect(seen('node-settled', { volumeAttachments: [stuck] })).toEqual([
    'passed',
    'the node is ready',
  ]);
  for (const ready of [false, null]) {
    expect(seen('node-settled', { volumeAttachments: [stuck], nodes: [aNode({ ready })] })).toEqual(
      ['failed', 'the node is there, and is not ready'],
    );
  }
  expect(seen('no-pod-uses-it', gone)).toEqual(['passed', 'no pod on that node']);
  const pods = [1, 2, 3, 4].map((n) =>
    aPod({ name: `player-${n}`, node: 'worker-9', claims: ['library'] }),
  );
  expect(seen('no-pod-uses-it', { ...gone, pods })?.[1]).not.toContain('player-4');
});
