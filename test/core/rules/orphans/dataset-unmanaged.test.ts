import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { judgeMember } from '../../../../src/lib/core/rules/evaluate.ts';
import { datasetUnmanaged } from '../../../../src/lib/core/rules/orphans/dataset-unmanaged.ts';
import {
  aClaim,
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  anExtent,
  anInventory,
  anNfsShare,
  aPod,
  aPool,
  aPv,
  aRunningJob,
  aTarget,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const theirs = `${PARENT}/photos`;
const photos = aFolder(theirs);

testRule(datasetUnmanaged, {
  certain: {
    'a dataset somebody made among the volumes': [anInventory({ datasets: [photos] }), [theirs]],
    'a zvol somebody made among the volumes': [
      anInventory({ datasets: [aFolder(theirs, { kind: 'volume' })] }),
      [theirs],
    ],
    'one somebody shares': [
      anInventory({
        datasets: [photos],
        nfsShares: [anNfsShare({ path: `/mnt/${theirs}`, comment: 'holidays' })],
      }),
      [theirs],
    ],
    'one beside a job that works elsewhere': [
      anInventory({
        datasets: [photos],
        runningJobs: [aRunningJob({ datasets: [`${PARENT}/photos-2`] })],
      }),
      [theirs],
    ],
  },
  likely: {
    'one among volumes whose claims could not be read': [
      withoutList(anInventory({ datasets: [photos] }), 'persistentVolumeClaims'),
      [theirs],
      'nobody-remembers-it',
    ],
    'a parent other clusters may use': [
      anInventory({ datasets: [photos], drivers: [aDriver({ exclusive: false })] }),
      [theirs],
      'owner-registered',
    ],
    'jobs that may not be listed': [
      withoutList(anInventory({ datasets: [photos] }), 'runningJobs'),
      [theirs],
      'no-running-job',
    ],
    'pods that may not be listed': [
      withoutList(anInventory({ datasets: [photos] }), 'pods'),
      [theirs],
      'no-inline-volume',
    ],
  },
  silent: {
    'a volume nobody marked, whose claim is Lost': anInventory({
      datasets: [aFolder(`${PARENT}/${HANDLE}`)],
      persistentVolumeClaims: [aClaim({ phase: 'Lost' })],
    }),
    'a volume of a driver': anInventory({ datasets: [aDataset()] }),
    'a volume a driver has only begun': anInventory({
      datasets: [aDataset({ properties: properties({ owner: 'tns-csi' }) })],
    }),
    'a volume of csi.truenas.io, which marks only the share': anInventory({
      datasets: [photos],
      nfsShares: [anNfsShare({ path: `/mnt/${theirs}`, comment: `CSI volume ${theirs}` })],
    }),
    'a zvol of csi.truenas.io, which marks only the target': anInventory({
      datasets: [aFolder(theirs, { kind: 'volume' })],
      iscsiExtents: [anExtent({ path: `zvol/${theirs}`, name: theirs })],
      iscsiTargets: [aTarget({ name: `csi-${theirs.replaceAll('/', '-')}` })],
      iscsiTargetExtents: [aMapping()],
    }),
    'a dataset a PersistentVolume names by hand': anInventory({
      datasets: [photos],
      persistentVolumes: [
        aPv({
          name: 'static',
          source: { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${theirs}` },
        }),
      ],
    }),
    'a dataset a pod mounts by itself': anInventory({
      datasets: [photos],
      pods: [
        aPod({
          inlineVolumes: [{ kind: 'nfs', server: '10.10.0.5', path: `/mnt/${theirs}/2026` }],
        }),
      ],
    }),
    'a dataset that is no older than the threshold': anInventory({
      datasets: [aFolder(theirs, { createdAt: JUST_NOW })],
    }),
    'a detached clone that is still being copied': anInventory({
      datasets: [photos],
      runningJobs: [aRunningJob({ datasets: [`${PARENT}/${HANDLE}`, theirs] })],
    }),
    'a dataset a job reads a snapshot of': anInventory({
      datasets: [photos],
      runningJobs: [aRunningJob({ datasets: [`${theirs}@auto-1`] })],
    }),
    'a dataset below one a job works on': anInventory({
      datasets: [photos],
      runningJobs: [aRunningJob({ datasets: [PARENT] })],
    }),
    'a parent of another driver': anInventory({
      datasets: [photos],
      drivers: [aDriver(), aDriver({ driver: 'org.democratic-csi.iscsi', parent: theirs })],
    }),
    'a dataset above a parent of another driver': anInventory({
      datasets: [photos],
      drivers: [aDriver(), aDriver({ driver: 'other', parent: `${theirs}/a/vols` })],
    }),
    'the place of detached snapshots': anInventory({
      datasets: [photos],
      drivers: [aDriver({ detachedSnapshotsParent: `${theirs}/snaps` })],
    }),
    'a dataset outside every parent': anInventory({ datasets: [aFolder('tank/media')] }),
    'a dataset inside a volume': anInventory({
      datasets: [photos, aFolder(`${theirs}/2026`)],
      persistentVolumes: [
        aPv({ source: { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${theirs}` } }),
      ],
    }),
    'what lies beside the volumes of a driver that uses the whole pool': anInventory({
      datasets: [aFolder('tank/media')],
      drivers: [aDriver({ driver: 'csi.truenas.io', parent: 'tank' })],
    }),
    'a pool that is not online': anInventory({
      datasets: [photos],
      pools: [aPool({ status: 'OFFLINE' })],
    }),
    'what is in quarantine': anInventory({
      datasets: [
        aFolder(theirs, {
          marks: { quarantined: `${theirs};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
  },
});

test('a dataset nobody vouches for is never safe to touch, and no free space', () => {
  const [finding] = findingsOf(datasetUnmanaged, anInventory({ datasets: [photos] }));
  expect(finding?.severity).toBe('info');
  expect(finding?.remedy.safe).toBe(false);
  expect(finding?.remedy.action).toBe('investigate');
  expect(finding?.reclaimable).toBe(0);
});

test('an explanation is told which driver wrote on a volume', () => {
  const evidence = correlate(anInventory({ datasets: [aDataset()] }), DEFAULT_POLICY);
  const member = { scope: 'system', name: 'nas1' } as const;
  const { verdicts } = judgeMember(datasetUnmanaged, member, evidence, DEFAULT_POLICY, false);
  const judged = [...verdicts].find(({ verdict }) => verdict.subject.name.endsWith(HANDLE));
  expect(judged?.checks.map(detailOf)).toEqual(['democratic-csi did']);
});

test('names the volume that uses it', () => {
  const source = { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${theirs}` } as const;
  expect(
    checkOf(
      datasetUnmanaged,
      anInventory({ datasets: [photos], persistentVolumes: [aPv({ name: 'static', source })] }),
      theirs,
      'no-volume-refers',
    ),
  ).toEqual(['failed', 'static']);
});
