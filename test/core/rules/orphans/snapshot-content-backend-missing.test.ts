import { expect, test } from 'vitest';
import { snapshotContentBackendMissing } from '../../../../src/lib/core/rules/orphans/snapshot-content-backend-missing.ts';
import {
  aContent,
  aDataset,
  aDriver,
  aFolder,
  anInventory,
  aPool,
  aPv,
  aZfsSnapshot,
  HANDLE,
  JUST_NOW,
  properties,
  size,
  SNAPSHOT_UID,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const CONTENT = `snapcontent-${SNAPSHOT_UID}`;
const NAME = `snapshot-${SNAPSHOT_UID}`;
const volume = { datasets: [aDataset()], persistentVolumes: [aPv()] };
const detached = aContent({ snapshotHandle: `${HANDLE}/${NAME}` });
const tns = (snapshotHandle: string) => aContent({ driver: 'tns.csi.io', snapshotHandle });
const tnsDriver = aDriver({ driver: 'tns.csi.io', parent: 'tank/csi' });
const copy = (id: string) =>
  aDataset({ id, properties: properties({ managed: true, csiSnapshotName: NAME }) });

testRule(snapshotContentBackendMissing, {
  certain: {
    'a snapshot that died with its volume': [
      anInventory({ volumeSnapshotContents: [aContent()] }),
      [CONTENT],
    ],
    'a snapshot that was deleted while its volume lives': [
      anInventory({ ...volume, volumeSnapshotContents: [aContent()] }),
      [CONTENT],
    ],
    'a detached copy that is gone': [
      anInventory({ ...volume, volumeSnapshotContents: [detached] }),
      [CONTENT],
    ],
    'a handle that is a whole path, of a driver with several parents on one system': [
      anInventory({
        datasets: [aFolder('tank/csi'), aFolder('tank/csi-b')],
        volumeSnapshotContents: [tns(`nfs:tank/csi/pvc-77@${NAME}`)],
        drivers: [tnsDriver, aDriver({ driver: 'tns.csi.io', parent: 'tank/csi-b' })],
      }),
      [CONTENT],
    ],
  },
  likely: {
    'a parent that was only inferred': [
      anInventory({ ...volume, volumeSnapshotContents: [aContent()], drivers: [] }),
      [CONTENT],
      'driver-declared',
    ],
  },
  silent: {
    'a snapshot that is there': anInventory({
      ...volume,
      volumeSnapshotContents: [aContent()],
      zfsSnapshots: [aZfsSnapshot()],
    }),
    'a snapshot that moved with its volume': anInventory({
      volumeSnapshotContents: [aContent()],
      zfsSnapshots: [aZfsSnapshot({ dataset: `tank/moved/${HANDLE}` })],
    }),
    'a detached copy that is there': anInventory({
      datasets: [copy(`tank/detached/${HANDLE}/${NAME}`)],
      volumeSnapshotContents: [detached],
    }),
    'a detached copy that was moved': anInventory({
      datasets: [copy(`tank/moved/${NAME}`)],
      volumeSnapshotContents: [detached],
    }),
    'a detached copy, when nothing says where they lie': anInventory({
      volumeSnapshotContents: [detached],
      drivers: [aDriver({ detachedSnapshotsParent: null })],
    }),
    'a copy that its driver keeps apart from its volumes': anInventory({
      datasets: [aFolder('tank/csi'), aFolder(`tank/csi-detached-snapshots/${NAME}`)],
      volumeSnapshotContents: [tns(`detached:nfs:tank/csi/pvc-77@${NAME}`)],
      drivers: [tnsDriver],
    }),
    'a content just created, without a handle': anInventory({
      ...volume,
      volumeSnapshotContents: [
        aContent({ snapshotHandle: null, readyToUse: false, createdAt: JUST_NOW }),
      ],
    }),
    'a content that was never ready': anInventory({
      ...volume,
      volumeSnapshotContents: [aContent({ readyToUse: null })],
    }),
    'a content that is just being deleted': anInventory({
      ...volume,
      volumeSnapshotContents: [aContent({ deletedAt: JUST_NOW })],
    }),
    'a handle nobody can read': anInventory({
      ...volume,
      volumeSnapshotContents: [aContent({ snapshotHandle: 'opaque' })],
    }),
    'a handle that could lie below two parents': anInventory({
      datasets: [aFolder('tank/second')],
      volumeSnapshotContents: [aContent()],
      drivers: [aDriver(), aDriver({ parent: 'tank/second' })],
    }),
    'a content of some other driver': anInventory({
      volumeSnapshotContents: [aContent({ driver: 'ebs.csi.aws.com' })],
    }),
    'a content younger than the threshold': anInventory({
      volumeSnapshotContents: [aContent({ createdAt: JUST_NOW })],
    }),
    'a snapshot of a volume that is locked': anInventory({
      datasets: [aDataset({ locked: true })],
      persistentVolumes: [aPv()],
      volumeSnapshotContents: [aContent()],
    }),
    'a pool that is away': anInventory({
      volumeSnapshotContents: [aContent()],
      pools: [aPool({ status: 'UNAVAIL' })],
    }),
    'everything, when no snapshot at all is seen though three contents point at some': anInventory({
      ...volume,
      volumeSnapshotContents: [1, 2, 3].map((n) =>
        aContent({ name: `c-${n}`, snapshotHandle: `${HANDLE}@snapshot-${n}` }),
      ),
    }),
  },
});

test('names the snapshot on the NAS, and the VolumeSnapshot that counts on it', () => {
  const [finding] = findingsOf(
    snapshotContentBackendMissing,
    anInventory({ volumeSnapshotContents: [aContent()] }),
  );
  expect(finding?.reason).toBe(`no snapshot tank/k8s/${HANDLE}@${NAME}`);
  expect(finding?.kubernetesReference).toBe('media/weekly');
});

test('has no VolumeSnapshot to name where the content refers to none', () => {
  const [finding] = findingsOf(
    snapshotContentBackendMissing,
    anInventory({ volumeSnapshotContents: [aContent({ snapshot: null })] }),
  );
  expect(finding?.kubernetesReference).toBeNull();
});

test('says of each content what stands behind it, or why that is not known', () => {
  const seen = (world: Parameters<typeof anInventory>[0]) =>
    checkOf(
      snapshotContentBackendMissing,
      anInventory({ volumeSnapshotContents: [aContent()], ...world }),
      aContent().name,
      'no-backend',
    );
  const id = `tank/k8s/${HANDLE}@${NAME}`;
  expect(seen({ ...volume, zfsSnapshots: [aZfsSnapshot()] })).toEqual([
    'failed',
    `backed by ${HANDLE}@${NAME}`,
  ]);
  expect(seen(volume)).toEqual(['passed', `no snapshot ${id}`]);
  expect(
    seen({ ...volume, volumeSnapshotContents: [aContent({ snapshotHandle: 'opaque' })] })?.[0],
  ).toBe('unknown');
});

test('is placed on the dataset the snapshot was taken of, and as large as what was to be restored', () => {
  const findings = [size(98_304), null].flatMap((restoreSize) =>
    findingsOf(
      snapshotContentBackendMissing,
      anInventory({ ...volume, volumeSnapshotContents: [aContent({ restoreSize })] }),
    ),
  );
  expect(findings.map(({ place }) => place?.path)).toEqual([
    `tank/k8s/${HANDLE}`,
    `tank/k8s/${HANDLE}`,
  ]);
  expect(findings.map((finding) => finding.size)).toEqual([98_304, null]);
  expect(findings[0]?.truenasReference).toBe(`tank/k8s/${HANDLE}@${NAME}`);
});

test('has nothing to say of a content of some other driver', () => {
  const content = aContent({ driver: 'ebs.csi.aws.com' });
  const world = anInventory({ volumeSnapshotContents: [content] });
  expect(checkOf(snapshotContentBackendMissing, world, content.name, 'no-backend')).toBeUndefined();
});
