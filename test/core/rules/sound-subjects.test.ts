import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { detailOf } from '../../../src/lib/core/model/check.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type Rule } from '../../../src/lib/core/model/rule.ts';
import { capacityMismatch } from '../../../src/lib/core/rules/drift/capacity-mismatch.ts';
import { classWithoutDriver } from '../../../src/lib/core/rules/drift/class-without-driver.ts';
import { deleteBlocked } from '../../../src/lib/core/rules/drift/delete-blocked.ts';
import { volumeHandleDuplicate } from '../../../src/lib/core/rules/drift/volume-handle-duplicate.ts';
import { judgeMember, membersFor } from '../../../src/lib/core/rules/evaluate.ts';
import { attachmentStale } from '../../../src/lib/core/rules/orphans/attachment-stale.ts';
import { pvAvailable } from '../../../src/lib/core/rules/orphans/pv-available.ts';
import { pvcUnused } from '../../../src/lib/core/rules/orphans/pvc-unused.ts';
import { snapshotContentUnclaimed } from '../../../src/lib/core/rules/orphans/snapshot-content-unclaimed.ts';
import { snapshotNotReady } from '../../../src/lib/core/rules/orphans/snapshot-not-ready.ts';
import {
  aClaim,
  aContent,
  aCsiDriver,
  aDataset,
  anAttachment,
  anInventory,
  aNode,
  aPod,
  aPv,
  aSnapshotClass,
  aStorageClass,
  aVolumeSnapshot,
  HANDLE,
  LONG_AGO,
  SNAPSHOT_UID,
} from '../../support/builders.ts';

/** A world in which everything is as it should be. */
const sound = {
  persistentVolumes: [aPv()],
  persistentVolumeClaims: [aClaim()],
  pods: [aPod({ claims: ['library'] })],
  datasets: [aDataset()],
  storageClasses: [aStorageClass()],
  volumeSnapshotClasses: [aSnapshotClass()],
  csiDrivers: [aCsiDriver()],
  nodes: [aNode()],
  volumeAttachments: [anAttachment()],
  volumeSnapshots: [aVolumeSnapshot()],
  volumeSnapshotContents: [aContent()],
};

/** What a rule answers to who asks why it says nothing of a subject: its premise, and whether it reports it. */
function answerOf(rule: Rule, name: string, over: Parameters<typeof anInventory>[0] = {}) {
  const evidence = correlate(anInventory({ ...sound, ...over }), DEFAULT_POLICY);
  for (const member of membersFor(rule, evidence)) {
    for (const { verdict, checks, holds } of judgeMember(
      rule,
      member,
      evidence,
      DEFAULT_POLICY,
      false,
    ).verdicts) {
      if (verdict.subject.name !== name) continue;
      const failed = checks.find(
        ({ weight, result }) => weight === 'finding' && result !== 'passed',
      );
      return [holds, failed && `${failed.id}: ${detailOf(failed)}`];
    }
  }
  return undefined;
}

const ATTACHMENT = 'csi-0123456789abcdef';
const CONTENT = `snapcontent-${SNAPSHOT_UID}`;

describe('a rule says of what is sound why it is', () => {
  test.each<[string, string, Rule]>([
    [HANDLE, 'available: phase is Bound', pvAvailable],
    ['library', 'no-pod-uses-it: pod player-0', pvcUnused],
    [CONTENT, 'no-volume-snapshot: VolumeSnapshot media/weekly', snapshotContentUnclaimed],
    ['weekly', 'not-ready: it is ready to use', snapshotNotReady],
    [ATTACHMENT, 'stale: on node worker-1', attachmentStale],
    ['nas-nfs', 'no-driver: CSIDriver org.democratic-csi.nfs', classWithoutDriver],
    [HANDLE, `handle-shared: no other volume has handle ${HANDLE}`, volumeHandleDuplicate],
    [HANDLE, 'delete-wanted: phase is Bound, reclaim policy Delete', deleteBlocked],
    [CONTENT, 'delete-wanted: nobody deletes it', deleteBlocked],
    [HANDLE, 'sides-differ: 1Gi on both sides', capacityMismatch],
  ])('%s: %s', (name, answer, rule) => {
    expect(answerOf(rule, name)).toEqual([false, answer]);
  });
});

describe('a rule says of a suspect what speaks against it', () => {
  const gone = { pods: [] };
  test.each<[string, string, Rule, Parameters<typeof anInventory>[0]]>([
    [
      'library',
      'not-in-use-by-cluster: its condition Unused is false',
      pvcUnused,
      { ...gone, persistentVolumeClaims: [aClaim({ unused: false })] },
    ],
    [
      'library',
      'bound: it is being deleted',
      pvcUnused,
      { ...gone, persistentVolumeClaims: [aClaim({ deletedAt: LONG_AGO })] },
    ],
    ['library', 'not-a-source: source of VolumeSnapshot weekly', pvcUnused, gone],
    [
      HANDLE,
      'not-reserved: kept for media/library',
      pvAvailable,
      { persistentVolumes: [aPv({ phase: 'Available' })] },
    ],
    [
      ATTACHMENT,
      'node-settled: the node is there, and is not ready',
      attachmentStale,
      { nodes: [aNode({ ready: false })], persistentVolumes: [] },
    ],
    [ATTACHMENT, 'no-pod-uses-it: media/player-0', attachmentStale, { persistentVolumes: [] }],
    [
      HANDLE,
      'delete-fails: nothing says that its deletion fails',
      deleteBlocked,
      { persistentVolumes: [aPv({ phase: 'Released' })] },
    ],
    [
      CONTENT,
      'delete-fails: its status holds no error',
      deleteBlocked,
      { volumeSnapshotContents: [aContent({ deletedAt: LONG_AGO })] },
    ],
    [
      'weekly',
      'not-being-deleted: it is being deleted',
      snapshotNotReady,
      { volumeSnapshots: [aVolumeSnapshot({ readyToUse: false, deletedAt: LONG_AGO })] },
    ],
    [
      HANDLE,
      'not-resizing: its claim is being expanded',
      capacityMismatch,
      {
        persistentVolumeClaims: [aClaim({ resizing: true })],
        datasets: [aDataset({ readonly: true })],
      },
    ],
  ])('%s: %s', (name, answer, rule, over) => {
    expect(answerOf(rule, name, over)).toEqual([false, answer]);
  });
});
