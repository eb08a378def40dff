import { describe, expect, test } from 'vitest';
import { snapshotNotReady } from '../../../../src/lib/core/rules/orphans/snapshot-not-ready.ts';
import {
  aClaim,
  aContent,
  aDriver,
  anInventory,
  aRunningJob,
  aSnapshotClass,
  aStorageClass,
  aVolumeSnapshot,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
  SNAPSHOT_UID,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const NAME = 'media/weekly';
const waiting = aVolumeSnapshot({ readyToUse: false });
const begun = aContent({ readyToUse: false, snapshotHandle: null, restoreSize: null });
const lonely = aVolumeSnapshot({ readyToUse: null, contentName: null });
const BEING_MADE = { 'snapshot.storage.kubernetes.io/volumesnapshot-being-created': 'yes' };

testRule(snapshotNotReady, {
  certain: {
    'a snapshot of unknown place beside jobs that touch no parent, here or on another system': [
      anInventory({
        volumeSnapshots: [lonely],
        volumeSnapshotClasses: [
          aSnapshotClass({ name: 'other', driver: 'ebs.csi.aws.com' }),
          aSnapshotClass(),
        ],
        drivers: [aDriver(), aDriver({ driver: 'other', parent: 'tank/other' })],
        runningJobs: [
          aRunningJob({ datasets: ['tank/office'] }),
          aRunningJob({ id: 1002, system: 'nas2', datasets: [PARENT] }),
        ],
      }),
      [NAME],
    ],
    'a snapshot of known place beside a job of that path on another system': [
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [
          aContent({ ...begun, snapshotHandle: `${HANDLE}@snapshot-${SNAPSHOT_UID}` }),
        ],
        runningJobs: [aRunningJob({ system: 'nas2', datasets: [`${PARENT}/${HANDLE}`] })],
      }),
      [NAME],
    ],
    'a snapshot the driver never finished': [
      anInventory({ volumeSnapshots: [waiting], volumeSnapshotContents: [begun] }),
      [NAME],
    ],
    'a snapshot without a content, of a class of ours': [
      anInventory({ volumeSnapshots: [lonely], volumeSnapshotClasses: [aSnapshotClass()] }),
      [NAME],
    ],
    'a snapshot without a content and a class, of a claim of ours': [
      anInventory({
        volumeSnapshots: [lonely],
        persistentVolumeClaims: [aClaim()],
        storageClasses: [aStorageClass()],
      }),
      [NAME],
    ],
    'a snapshot whose content is gone': [
      anInventory({ volumeSnapshots: [waiting], volumeSnapshotClasses: [aSnapshotClass()] }),
      [NAME],
    ],
    'a snapshot beside a replication of something else': [
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [begun],
        runningJobs: [aRunningJob({ datasets: ['tank/office', `${PARENT}/pvc-other`] })],
      }),
      [NAME],
    ],
  },
  likely: {
    'a snapshot whose volume is being replicated': [
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [begun],
        runningJobs: [aRunningJob({ datasets: [`${PARENT}/${HANDLE}@x`, 'tank/detached/a'] })],
      }),
      [NAME],
      'no-job-runs',
    ],
    'a snapshot whose whole parent is being replicated': [
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [begun],
        runningJobs: [aRunningJob({ datasets: [PARENT] })],
      }),
      [NAME],
      'no-job-runs',
    ],
    'jobs that may not be listed': [
      withoutList(
        anInventory({ volumeSnapshots: [waiting], volumeSnapshotContents: [begun] }),
        'runningJobs',
      ),
      [NAME],
      'no-job-runs',
    ],
    'a snapshot of a driver’s place while a snapshot of that very place is replicated': [
      anInventory({
        volumeSnapshots: [lonely],
        volumeSnapshotClasses: [aSnapshotClass()],
        runningJobs: [aRunningJob({ datasets: ['tank/office', `${PARENT}@auto-1`] })],
      }),
      [NAME],
      'no-job-runs',
    ],
    'a snapshot whose place is known by its handle, while that place is replicated': [
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [
          aContent({
            ...begun,
            volumeHandle: null,
            snapshotHandle: `${HANDLE}@snapshot-${SNAPSHOT_UID}`,
          }),
        ],
        runningJobs: [aRunningJob({ datasets: [`${PARENT}/${HANDLE}@auto-1`] })],
      }),
      [NAME],
      'no-job-runs',
    ],
    'a detached snapshot that is being copied': [
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [
          aContent({ ...begun, snapshotHandle: `${HANDLE}/snapshot-${SNAPSHOT_UID}` }),
        ],
        runningJobs: [aRunningJob({ datasets: [`${PARENT}/${HANDLE}`] })],
      }),
      [NAME],
      'no-job-runs',
    ],
    'a snapshot of unknown place while something below a parent is replicated': [
      anInventory({
        volumeSnapshots: [lonely],
        volumeSnapshotClasses: [aSnapshotClass()],
        runningJobs: [aRunningJob({ datasets: [`${PARENT}/pvc-other`] })],
      }),
      [NAME],
      'no-job-runs',
    ],
    'a snapshot the driver says it is making': [
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [aContent({ ...begun, annotations: BEING_MADE })],
      }),
      [NAME],
      'not-being-made',
    ],
  },
  silent: {
    'a snapshot that is ready': anInventory({
      volumeSnapshots: [aVolumeSnapshot()],
      volumeSnapshotContents: [aContent()],
    }),
    'a snapshot that was asked for just now': anInventory({
      volumeSnapshots: [aVolumeSnapshot({ readyToUse: false, createdAt: JUST_NOW })],
      volumeSnapshotContents: [begun],
    }),
    'a snapshot that is being deleted': anInventory({
      volumeSnapshots: [aVolumeSnapshot({ readyToUse: false, deletedAt: JUST_NOW })],
      volumeSnapshotContents: [begun],
    }),
    'a snapshot whose content is being deleted': anInventory({
      volumeSnapshots: [waiting],
      volumeSnapshotContents: [aContent({ ...begun, deletedAt: LONG_AGO })],
    }),
    'a snapshot of some other storage': anInventory({
      volumeSnapshots: [waiting],
      volumeSnapshotContents: [aContent({ ...begun, driver: 'ebs.csi.aws.com' })],
    }),
    'a snapshot nobody knows the driver of': anInventory({
      volumeSnapshots: [lonely, aVolumeSnapshot({ ...lonely, name: 'b', sourceClaim: null })],
    }),
  },
});

describe('what it says', () => {
  const reasonOf = (world: Parameters<typeof anInventory>[0]) =>
    findingsOf(
      snapshotNotReady,
      anInventory({ volumeSnapshotClasses: [aSnapshotClass()], ...world }),
    )[0]?.reason;
  const error = { message: 'rpc error: code = Unknown\n  desc = no such dataset.', since: null };
  const told = 'taking it fails: rpc error: code = Unknown desc = no such dataset';

  test('tells the error of the snapshot, or else of its content, on one line', () => {
    expect(reasonOf({ volumeSnapshots: [aVolumeSnapshot({ ...waiting, error })] })).toBe(told);
    expect(
      reasonOf({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [aContent({ ...begun, error })],
      }),
    ).toBe(told);
  });

  test('bounds the error', () => {
    const long = { message: 'x'.repeat(5000), since: null };
    const reason = reasonOf({ volumeSnapshots: [aVolumeSnapshot({ ...waiting, error: long })] });
    expect(reason?.length).toBeLessThan(330);
    expect(reason).toMatch(/…$/);
  });

  test('says so where no error is given', () => {
    const silent = { message: ' . ', since: null };
    expect([
      reasonOf({ volumeSnapshots: [waiting], volumeSnapshotContents: [begun] }),
      reasonOf({ volumeSnapshots: [lonely] }),
      reasonOf({ volumeSnapshots: [waiting] }),
      reasonOf({ volumeSnapshots: [aVolumeSnapshot({ ...waiting, error: silent })] }),
    ]).toEqual([
      'it is not ready to use, and gives no error',
      'it has no VolumeSnapshotContent, and gives no error',
      `its VolumeSnapshotContent snapcontent-${SNAPSHOT_UID} does not exist`,
      'taking it fails: no reason is given',
    ]);
  });
});

test('says whether somebody deletes it', () => {
  const told = (over: Parameters<typeof aVolumeSnapshot>[0]) =>
    checkOf(
      snapshotNotReady,
      anInventory({
        volumeSnapshots: [aVolumeSnapshot({ ...waiting, ...over })],
        volumeSnapshotContents: [begun],
      }),
      'weekly',
      'not-being-deleted',
    );
  expect(told({})).toEqual(['passed', 'nobody deletes it']);
  expect(told({ deletedAt: JUST_NOW })).toEqual(['failed', 'it is being deleted']);
});

test('points at its place on the NAS, else at its handle, and is as large as what could be restored', () => {
  const found = (over: Parameters<typeof aContent>[0]) =>
    findingsOf(
      snapshotNotReady,
      anInventory({
        volumeSnapshots: [waiting],
        volumeSnapshotContents: [aContent({ readyToUse: false, ...over })],
      }),
    )[0];
  const at = { system: 'nas1', path: `${PARENT}/${HANDLE}` };
  expect(found({})).toMatchObject({
    place: at,
    size: 98_304,
    truenasReference: `${at.path}@snapshot-${SNAPSHOT_UID}`,
  });
  expect(found({ snapshotHandle: 'odd', restoreSize: null })).toMatchObject({
    place: null,
    size: null,
    truenasReference: 'odd',
  });
  expect(found({ snapshotHandle: null, volumeHandle: null })?.truenasReference).toBeNull();
});
