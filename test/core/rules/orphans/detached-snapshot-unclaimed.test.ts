import { expect, test } from 'vitest';
import { type Dataset } from '../../../../src/lib/core/model/truenas.ts';
import { detachedSnapshotUnclaimed } from '../../../../src/lib/core/rules/orphans/detached-snapshot-unclaimed.ts';
import {
  aClaim,
  aCluster,
  aContent,
  aDataset,
  aDriver,
  aFolder,
  anAttachment,
  anExtent,
  anInventory,
  anNfsShare,
  aPool,
  aPv,
  aReplicationTask,
  aRunningJob,
  aVolumeSnapshot,
  aSnapshotClass,
  aTarget,
  aZfsSnapshot,
  clusterWith,
  details,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
  SNAPSHOT_UID,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const container = `tank/detached/${HANDLE}`;
const NAME = `snapshot-${SNAPSHOT_UID}`;
const lost = `${container}/${NAME}`;

/** Exactly the four properties a driver writes on a copy. */
function aCopy(over: Partial<Dataset> = {}): Dataset {
  const id = over.id ?? lost;
  return aDataset({
    id,
    properties: properties({
      owner: 'democratic-csi',
      managed: true,
      provisionSuccess: true,
      csiSnapshotName: id.slice(id.lastIndexOf('/') + 1),
      csiSnapshotSourceVolumeId: HANDLE,
    }),
    ...over,
  });
}

const around = [aFolder('tank/detached'), aFolder(container)];
const handle = `${HANDLE}/${NAME}`;
/** A copy beside the volume it was made of. */
const world = (copy: Dataset = aCopy(), over: Parameters<typeof anInventory>[0] = {}) =>
  anInventory({ datasets: [...around, copy, aDataset()], persistentVolumes: [aPv()], ...over });
/** The same, where nothing is left of that volume. */
const alone = (copy: Dataset = aCopy(), over: Parameters<typeof anInventory>[0] = {}) =>
  anInventory({ datasets: [...around, copy], ...over });
const named = (n: number): string => `${container}/snapshot-${n}`;

testRule(detachedSnapshotUnclaimed, {
  safe: 'every',
  certain: {
    'one of a driver whose class keeps snapshots alone': [
      world(aCopy(), {
        volumeSnapshotClasses: [aSnapshotClass({ deletionPolicy: 'Retain', detached: false })],
      }),
      [lost],
    ],
    'a copy no content refers to': [world(), [lost]],
    'a copy of which a driver that is registered says that it made it': [
      alone(aCopy({ properties: { ...aCopy().properties, instanceId: 'a' } }), {
        drivers: [aDriver({ instanceId: 'a' })],
      }),
      [lost],
    ],
    'a copy of a volume that is gone, of which another copy is claimed': [
      alone(aCopy(), {
        datasets: [...around, aCopy(), aCopy({ id: named(2) })],
        volumeSnapshotContents: [
          aContent({ snapshotHandle: `${HANDLE}/snapshot-2`, snapshot: null }),
        ],
      }),
      [lost],
    ],
    'a copy of a volume whose dataset is missing': [
      alone(aCopy(), { persistentVolumes: [aPv()] }),
      [lost],
    ],
    'a copy of a zvol': [world(aCopy({ kind: 'volume' })), [lost]],
    'a copy whose volume is still in use': [
      world(aCopy(), {
        datasets: [...around, aCopy(), aDataset()],
        persistentVolumes: [aPv()],
        nfsShares: [anNfsShare()],
      }),
      [lost],
    ],
    'a copy that shows what its volume is called, whose claim and attachment speak of that': [
      world(
        aCopy({
          kind: 'volume',
          properties: { ...aCopy().properties, csiVolumeName: HANDLE, iscsiAssetsName: HANDLE },
        }),
        {
          persistentVolumes: [],
          persistentVolumeClaims: [aClaim()],
          volumeAttachments: [anAttachment()],
        },
      ),
      [lost],
    ],
    'a copy that tns-csi put right below its place for them': [
      anInventory({
        datasets: [
          aFolder('tank/csi-detached-snapshots', { properties: properties({ owner: 'tns-csi' }) }),
          aCopy({
            id: `tank/csi-detached-snapshots/${NAME}`,
            properties: properties({
              owner: 'tns-csi',
              managed: true,
              csiSnapshotName: NAME,
              csiSnapshotSourceVolumeId: `${PARENT}/pvc-gone`,
            }),
          }),
        ],
        drivers: [aDriver({ detachedSnapshotsParent: 'tank/csi-detached-snapshots' })],
      }),
      [`tank/csi-detached-snapshots/${NAME}`],
    ],
  },
  likely: {
    'one of a driver whose class keeps copies that Kubernetes deletes': [
      world(aCopy(), {
        volumeSnapshotClasses: [aSnapshotClass({ deletionPolicy: 'Retain', detached: true })],
      }),
      [lost],
      'no-class-keeps-snapshots',
    ],
    'classes that may not be listed': [
      withoutList(world(), 'volumeSnapshotClasses'),
      [lost],
      'no-class-keeps-snapshots',
    ],
    'a copy of a volume nobody here has ever heard of': [alone(), [lost], 'source-known'],
    'a copy of a volume that says that a stranger made it': [
      world(aCopy(), {
        datasets: [
          ...around,
          aCopy(),
          aDataset({ properties: finished(HANDLE, { instanceId: 'b' }) }),
        ],
        drivers: [aDriver({ instanceId: 'a' })],
      }),
      [lost],
      'source-known',
    ],
    'a copy of a volume that another driver speaks of': [
      alone(aCopy(), {
        persistentVolumes: [
          aPv({ source: { kind: 'csi', driver: 'else', handle: HANDLE, attributes: {} } }),
        ],
      }),
      [lost],
      'source-known',
    ],
    'a copy of a volume below the parent of another driver': [
      alone(
        aCopy({
          id: `tank/detached/${NAME}`,
          properties: properties({
            owner: 'tns-csi',
            managed: true,
            csiSnapshotName: NAME,
            csiSnapshotSourceVolumeId: 'tank/other/pvc-1',
          }),
        }),
      ),
      [`tank/detached/${NAME}`],
      'source-known',
    ],
    'a parent other clusters may use': [
      world(aCopy(), { drivers: [aDriver({ exclusive: false })] }),
      [lost],
      'owner-registered',
    ],
    'an instance_id no registered driver has': [
      world(
        aCopy({
          properties: properties({
            owner: 'democratic-csi',
            csiSnapshotName: NAME,
            instanceId: 'b',
          }),
        }),
        { drivers: [aDriver({ instanceId: 'a' })] },
      ),
      [lost],
      'no-foreign-owner',
    ],
    'a copy older than its cluster': [
      world(aCopy(), { cluster: aCluster({ createdAt: JUST_NOW }) }),
      [lost],
      'younger-than-cluster',
    ],
    'more than a fifth of the copies at once': [
      anInventory({
        datasets: [...around, ...[1, 2, 3].map((n) => aCopy({ id: named(n) }))],
      }),
      [1, 2, 3].map(named),
      'few-copies-unclaimed-at-once',
    ],
    'more than a fifth of the volumes at once': [
      world(aCopy(), {
        datasets: [
          ...around,
          aCopy(),
          ...[1, 2, 3].map((n) => aDataset({ id: `${PARENT}/pvc-${n}` })),
        ],
      }),
      [lost],
      'few-unclaimed-at-once',
    ],
    'a volume restored from it by cloning': [
      world(aCopy(), {
        datasets: [
          ...around,
          aCopy(),
          aDataset({ origin: `${lost}@volume-source-for-volume-${HANDLE}` }),
        ],
        persistentVolumes: [aPv()],
      }),
      [lost],
      'no-clone',
    ],
    'a hold': [
      world(aCopy(), {
        zfsSnapshots: [
          aZfsSnapshot({ dataset: lost, name: 'keep', details: details({ holds: ['k'] }) }),
        ],
      }),
      [lost],
      'no-hold',
    ],
    'a task that sends it away': [
      world(aCopy(), { replicationTasks: [aReplicationTask({ sources: [lost] })] }),
      [lost],
      'no-task',
    ],
    'a share somebody made of it': [
      world(aCopy(), { nfsShares: [anNfsShare({ path: `/mnt/${lost}`, comment: 'restore' })] }),
      [lost],
      'no-foreign-export',
    ],
    'jobs that may not be listed': [withoutList(world(), 'runningJobs'), [lost], 'no-running-job'],
    'snapshots that may not be listed': [withoutList(world(), 'zfsSnapshots'), [lost], 'no-hold'],
  },
  silent: {
    'a copy exported by hand under its own name, whose mapping is gone': world(
      aCopy({ kind: 'volume' }),
      {
        iscsiTargets: [aTarget({ name: NAME })],
        iscsiExtents: [anExtent({ name: NAME, path: `zvol/${lost}` })],
        persistentVolumes: [
          aPv({
            name: 'by-hand',
            source: {
              kind: 'iscsi',
              portal: 'nas:3260',
              iqn: `iqn.2005-10.org.freenas.ctl:${NAME}`,
              lun: 0,
            },
          }),
        ],
      },
    ),
    'a copy its content refers to by handle': world(aCopy(), {
      volumeSnapshotContents: [aContent({ snapshotHandle: handle })],
    }),
    'a copy a pre-provisioned content refers to': world(aCopy({ id: `${container}/nightly` }), {
      volumeSnapshotContents: [
        aContent({ snapshotHandle: `${HANDLE}/nightly`, snapshot: null, name: 'by-hand' }),
      ],
    }),
    'a copy whose content has no handle yet': world(aCopy(), {
      volumeSnapshotContents: [aContent({ snapshotHandle: null })],
    }),
    'a copy whose VolumeSnapshot exists': world(aCopy(), { volumeSnapshots: [aVolumeSnapshot()] }),
    'a copy only another cluster counts on': {
      ...world(),
      clusters: [
        ...world().clusters,
        clusterWith(
          { volumeSnapshotContents: [aContent({ cluster: 'stage', snapshotHandle: handle })] },
          aCluster({ name: 'stage', uid: 'stage-uid' }),
        ),
      ],
    },
    'a copy a backup tool keeps a content for': world(aCopy(), {
      volumeSnapshotContents: [
        aContent({
          snapshotHandle: handle,
          deletionPolicy: 'Retain',
          snapshot: null,
          labels: { 'velero.io/backup-name': 'nightly' },
        }),
      ],
    }),
    'a copy taken an hour ago': world(aCopy({ createdAt: JUST_NOW })),
    'a copy that is still being made': world(aCopy(), {
      runningJobs: [aRunningJob({ datasets: [`${PARENT}/${HANDLE}`, lost] })],
    }),
    'a copy a PersistentVolume names by hand': world(aCopy(), {
      persistentVolumes: [
        aPv({ source: { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${lost}` } }),
      ],
    }),
    'a container, which has no properties': anInventory({ datasets: around }),
    'a dataset inside a copy, which inherits its name': anInventory({
      datasets: [...around, aCopy({ id: `${lost}/inside`, properties: aCopy().properties })],
      volumeSnapshotContents: [aContent({ snapshotHandle: handle })],
    }),
    'a dataset whose name is not what it says': world(
      aCopy({ id: `${container}/renamed`, properties: aCopy().properties }),
    ),
    'a copy right below the place, not of tns-csi': anInventory({
      datasets: [aFolder('tank/detached'), aCopy({ id: `tank/detached/${NAME}` })],
    }),
    'a copy outside every known place': world(aCopy({ id: `backup/detached/${HANDLE}/${NAME}` })),
    'a pool that is not online': world(aCopy(), { pools: [aPool({ status: 'UNAVAIL' })] }),
    'a copy in quarantine': world(
      aCopy({ marks: { quarantined: `${lost};2026-10-01T00:00:00Z;p1`, ignore: null } }),
    ),
  },
});

const onlyOne = (inventory: Parameters<typeof findingsOf>[1]) => {
  const [finding] = findingsOf(detachedSnapshotUnclaimed, inventory);
  if (finding === undefined) throw new Error('nothing was reported');
  return finding;
};

test('a copy is put aside before it is destroyed', () => {
  const { remedy, severity } = onlyOne(world());
  expect(severity).toBe('medium');
  expect(remedy).toMatchObject({ action: 'quarantine-dataset', safe: true });
});

test('a copy is no waste where the cluster is what is missing', () => {
  const { remedy } = onlyOne(world(aCopy(), { cluster: aCluster({ createdAt: JUST_NOW }) }));
  expect(remedy).toMatchObject({ action: 'investigate', safe: false });
  expect(remedy.steps.join(' ')).toContain(handle);
});

test('a claimed copy lowers the share that is unclaimed', () => {
  const claimed = Array.from({ length: 15 }, (_, n) => `${container}/snapshot-claimed-${n}`);
  const findings = findingsOf(
    detachedSnapshotUnclaimed,
    anInventory({
      datasets: [
        ...around,
        ...[1, 2, 3].map((n) => aCopy({ id: named(n) })),
        ...claimed.map((id) => aCopy({ id })),
      ],
      volumeSnapshotContents: claimed.map((id) =>
        aContent({
          name: id,
          snapshot: null,
          snapshotHandle: `${HANDLE}/${id.slice(id.lastIndexOf('/') + 1)}`,
        }),
      ),
    }),
  );
  expect(findings.map(({ confidence }) => confidence)).toEqual(['certain', 'certain', 'certain']);
});

test('names the volume that uses it', () => {
  const source = { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${lost}` } as const;
  expect(
    checkOf(
      detachedSnapshotUnclaimed,
      world(aCopy(), { persistentVolumes: [aPv({ name: 'static', source })] }),
      lost,
      'no-volume-refers',
    ),
  ).toEqual(['failed', 'static']);
});

test('what speaks against a copy comes first', () => {
  const { remedy } = onlyOne(world(aCopy(), { drivers: [aDriver({ exclusive: false })] }));
  expect(remedy).toMatchObject({ action: 'investigate', safe: false });
  expect(remedy.steps[0]).toContain('Find out whose it is: ');
  expect(remedy.steps[1]).toMatch(/^Only when that is settled: find out whether its volume /);
});
