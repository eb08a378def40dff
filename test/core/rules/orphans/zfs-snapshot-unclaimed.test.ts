import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { type VolumeSource } from '../../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { evaluate } from '../../../../src/lib/core/rules/evaluate.ts';
import { zfsSnapshotUnclaimed } from '../../../../src/lib/core/rules/orphans/zfs-snapshot-unclaimed.ts';
import {
  aCluster,
  aContent,
  aDataset,
  aDriver,
  aFolder,
  aNamespace,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPod,
  aPool,
  aPv,
  aReplicationTask,
  aVolumeSnapshot,
  aSnapshotClass,
  aSystem,
  aZfsSnapshot,
  details,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  SNAPSHOT_UID,
  systemWith,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const dataset = `${PARENT}/${HANDLE}`;
const NAME = `snapshot-${SNAPSHOT_UID}`;
const id = `${dataset}@${NAME}`;
const volume = { datasets: [aDataset()], persistentVolumes: [aPv()] };
const replication = (sources: readonly string[], recursive: boolean, system = 'nas1') =>
  aReplicationTask({ system, sources, recursive });
const own = { csiSnapshotName: NAME, csiSnapshotSourceVolumeId: HANDLE };

/** Another registered system beside the first, with its own tasks. */
const beside = (world: Inventory, task: Parameters<typeof aReplicationTask>[0]): Inventory => ({
  ...world,
  systems: [
    ...world.systems,
    systemWith(
      { replicationTasks: [aReplicationTask({ system: 'nas2', ...task })] },
      aSystem({ name: 'nas2', hostId: 'other-host', host: 'nas2.example' }),
    ),
  ],
});

const inDirectory = `/mnt/${dataset}/.zfs/snapshot/${NAME}`;
const zvol = { ...volume, datasets: [aDataset({ kind: 'volume' })] };
const mounted = (source: VolumeSource) =>
  anInventory({
    ...volume,
    persistentVolumes: [aPv(), aPv({ name: 'restore', source })],
    zfsSnapshots: [aZfsSnapshot()],
    smbShares: [anSmbShare({ name: 'k8s', path: `/mnt/${PARENT}` })],
  });
const used = (by: Parameters<typeof anInventory>[0]): readonly [Inventory, string[], string] => [
  anInventory({ ...by, zfsSnapshots: [aZfsSnapshot()] }),
  [id],
  'snapshot-not-used',
];

testRule(zfsSnapshotUnclaimed, {
  safe: 'every',
  certain: {
    'one beside a snapshot that somebody mounts': [
      mounted({ kind: 'nfs', server: 'nas', path: `${inDirectory}-copy` }),
      [id],
    ],
    'one of a driver whose class keeps copies alone': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        volumeSnapshotClasses: [aSnapshotClass({ deletionPolicy: 'Retain', detached: true })],
      }),
      [id],
    ],
    'a snapshot whose content is gone': [
      anInventory({ ...volume, zfsSnapshots: [aZfsSnapshot()] }),
      [id],
    ],
    'a snapshot of a volume that is itself forgotten': [
      anInventory({ datasets: [aDataset()], zfsSnapshots: [aZfsSnapshot()] }),
      [id],
    ],
    'a snapshot beside one that is claimed': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        volumeSnapshotContents: [
          aContent({
            snapshotHandle: `${HANDLE}@snapshot-0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901`,
            snapshot: null,
          }),
        ],
      }),
      [id],
    ],
    'a snapshot that no replication sends': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        replicationTasks: [
          replication([PARENT], false),
          replication([`${dataset}-2`], true),
          replication([dataset], true, 'nas2'),
        ],
      }),
      [id],
    ],
  },
  likely: {
    'one that a volume mounts by NFS': [
      mounted({ kind: 'nfs', server: 'nas', path: inDirectory }),
      [id],
      'snapshot-not-used',
    ],
    'one of those that a volume mounts together': [
      mounted({ kind: 'nfs', server: 'nas', path: `/mnt/${dataset}/.zfs/snapshot` }),
      [id],
      'snapshot-not-used',
    ],
    'one that a volume mounts by SMB': [
      mounted({ kind: 'smb', source: `//nas/K8S/${HANDLE}/.zfs/snapshot/${NAME}/photos` }),
      [id],
      'snapshot-not-used',
    ],
    'one that a pod mounts': used({
      ...volume,
      pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: 'nas', path: inDirectory }] })],
    }),
    'one that is shared itself': used({
      ...volume,
      nfsShares: [anNfsShare({ path: inDirectory })],
    }),
    'one whose zvol is shown by an extent': used({
      ...zvol,
      iscsiExtents: [anExtent({ name: 'restore', path: `zvol/${id}` })],
    }),
    'one whose zvol is shown by a namespace': used({
      ...zvol,
      nvmetNamespaces: [aNamespace({ devicePath: `zvol/${id}` })],
    }),
    'pods that may not be listed, and may mount it': [
      withoutList(anInventory({ ...volume, zfsSnapshots: [aZfsSnapshot()] }), 'pods'),
      [id],
      'snapshot-not-used',
    ],
    'one that another system pulls, and may need for its next pull': [
      beside(
        anInventory({
          ...volume,
          zfsSnapshots: [aZfsSnapshot()],
          drivers: [aDriver({ system: 'nas1' })],
        }),
        { direction: 'PULL', sources: [PARENT], target: 'backup/k8s' },
      ),
      [id],
      'no-replication',
    ],
    'one of a driver whose class keeps snapshots that Kubernetes deletes': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        volumeSnapshotClasses: [aSnapshotClass({ deletionPolicy: 'Retain', detached: false })],
      }),
      [id],
      'no-class-keeps-snapshots',
    ],
    'classes that may not be listed': [
      withoutList(
        anInventory({ ...volume, zfsSnapshots: [aZfsSnapshot()] }),
        'volumeSnapshotClasses',
      ),
      [id],
      'no-class-keeps-snapshots',
    ],
    'a dataset that a driver nobody registered shares': [
      anInventory({
        datasets: [aDataset()],
        nfsShares: [anNfsShare({ comment: `democratic-csi (other.nfs): ${PARENT}/${HANDLE}` })],
        zfsSnapshots: [aZfsSnapshot()],
        persistentVolumes: [aPv()],
      }),
      [aZfsSnapshot().id],
      'no-foreign-owner',
    ],
    'a dataset whose shares, and what they say of its driver, could not be read': [
      withoutList(anInventory({ ...volume, zfsSnapshots: [aZfsSnapshot()] }), 'nfsShares'),
      [aZfsSnapshot().id],
      'no-foreign-owner',
    ],
    'a cluster that lacks many of its volumes below the parent': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        persistentVolumes: [
          aPv(),
          ...['a', 'b', 'c'].map((name) =>
            aPv({
              name: `pvc-${name}`,
              source: {
                kind: 'csi',
                driver: 'org.democratic-csi.nfs',
                handle: `pvc-${name}`,
                attributes: {},
              },
            }),
          ),
        ],
      }),
      [aZfsSnapshot().id],
      'few-missing-at-once',
    ],
    'a parent that other clusters may use': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        drivers: [aDriver({ exclusive: false })],
      }),
      [id],
      'owner-registered',
    ],
    'a mark of a driver nobody registered': [
      anInventory({
        ...volume,
        zfsSnapshots: [
          aZfsSnapshot({
            details: details({ properties: finished(HANDLE, { ...own, instanceId: 'b' }) }),
          }),
        ],
        drivers: [aDriver({ instanceId: 'a' })],
      }),
      [id],
      'no-foreign-owner',
    ],
    'a clone that hangs on it': [
      anInventory({
        datasets: [
          aDataset(),
          aDataset({ id: `${PARENT}/clone`, origin: id, properties: finished('clone') }),
        ],
        persistentVolumes: [aPv(), aPv({ name: 'clone' })],
        zfsSnapshots: [aZfsSnapshot()],
      }),
      [id],
      'no-clone',
    ],
    'a hold': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot({ details: details({ holds: ['backup'] }) })],
      }),
      [id],
      'no-hold',
    ],
    'holds this TrueNAS does not tell': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot({ details: details({ holds: null }) })],
      }),
      [id],
      'no-hold',
    ],
    'a replication that sends its dataset': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        replicationTasks: [replication([dataset], false)],
      }),
      [id],
      'no-replication',
    ],
    'a replication that sends everything above it': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        replicationTasks: [replication(['tank'], true)],
      }),
      [id],
      'no-replication',
    ],
    'a cluster that was rebuilt since': [
      anInventory({
        ...volume,
        zfsSnapshots: [aZfsSnapshot()],
        cluster: aCluster({ createdAt: JUST_NOW }),
      }),
      [id],
      'younger-than-cluster',
    ],
    'most snapshots of a parent at once': [
      anInventory({
        ...volume,
        zfsSnapshots: ['1', '2', '3'].map((n) => {
          const name = `snapshot-${SNAPSHOT_UID.slice(0, -1)}${n}`;
          return aZfsSnapshot({
            name,
            details: details({
              properties: finished(HANDLE, { ...own, csiSnapshotName: name }),
            }),
          });
        }),
      }),
      ['1', '2', '3'].map((n) => `${dataset}@snapshot-${SNAPSHOT_UID.slice(0, -1)}${n}`),
      'few-unclaimed-at-once',
    ],
  },
  silent: {
    'a VolumeSnapshot of a cluster that names its snapshots otherwise': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv()],
      zfsSnapshots: [
        aZfsSnapshot({
          name: `nightly-${SNAPSHOT_UID}`,
          details: details({
            properties: finished(HANDLE, {
              csiSnapshotName: `nightly-${SNAPSHOT_UID}`,
              csiSnapshotSourceVolumeId: HANDLE,
            }),
          }),
        }),
      ],
      volumeSnapshots: [aVolumeSnapshot()],
      volumeSnapshotContents: [aContent({ snapshotHandle: null })],
    }),
    'a snapshot whose content refers to it': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot()],
      volumeSnapshotContents: [aContent()],
    }),
    'a snapshot whose content has no handle yet': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot()],
      volumeSnapshotContents: [aContent({ snapshotHandle: null, volumeHandle: null })],
    }),
    'a snapshot whose VolumeSnapshot is there, its content not yet': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot()],
      volumeSnapshots: [aVolumeSnapshot({ contentName: null })],
    }),
    'a periodic snapshot, which inherits every property': anInventory({
      ...volume,
      zfsSnapshots: [
        aZfsSnapshot({
          name: 'auto-2026-10-01_00-00',
          details: details({ properties: finished(HANDLE) }),
        }),
      ],
    }),
    'a snapshot named like the drivers do, but by hand': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot({ details: details({ properties: finished(HANDLE) }) })],
    }),
    'a snapshot whose mark names another snapshot': anInventory({
      ...volume,
      zfsSnapshots: [
        aZfsSnapshot({
          details: details({
            properties: finished(HANDLE, { ...own, csiSnapshotName: 'snapshot-other' }),
          }),
        }),
      ],
    }),
    'a snapshot that was replicated here from another volume': anInventory({
      ...volume,
      zfsSnapshots: [
        aZfsSnapshot({
          details: details({
            properties: finished(HANDLE, { ...own, csiSnapshotSourceVolumeId: 'pvc-other' }),
          }),
        }),
      ],
    }),
    'a snapshot that was not looked at on its own': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot({ details: null })],
    }),
    'a temporary snapshot of a copy': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot({ name: `volume-source-for-volume-${HANDLE}` })],
    }),
    'a snapshot of a dataset no driver made': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot({ dataset: PARENT }), aZfsSnapshot({ dataset: 'tank/x/y' })],
    }),
    'a snapshot of a dataset below a parent that no driver made, named and marked like a driver’s':
      anInventory({
        datasets: [aFolder(dataset)],
        zfsSnapshots: [aZfsSnapshot()],
      }),
    'a snapshot of a driver’s dataset below no parent anybody knows': anInventory({
      datasets: [aDataset({ id: `other/volumes/${HANDLE}` })],
      zfsSnapshots: [aZfsSnapshot({ dataset: `other/volumes/${HANDLE}` })],
      pools: [aPool(), aPool({ name: 'other' })],
    }),
    'a snapshot taken just now': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot({ details: details({ createdAt: JUST_NOW }) })],
    }),
    'a snapshot taken at an unknown time': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot({ details: details({ createdAt: null }) })],
    }),
    'a pool that is degraded': anInventory({
      ...volume,
      zfsSnapshots: [aZfsSnapshot()],
      pools: [aPool({ status: 'DEGRADED' })],
    }),
  },
});

test('counts what a snapshot holds only while its dataset is not forgotten itself', () => {
  const bytesOf = (world: Parameters<typeof anInventory>[0]) =>
    findingsOf(zfsSnapshotUnclaimed, anInventory({ ...world, zfsSnapshots: [aZfsSnapshot()] })).map(
      ({ reclaimable }) => reclaimable,
    );
  expect(bytesOf(volume)).toEqual([1024]);
  expect(bytesOf({ datasets: [aDataset()] })).toEqual([0]);
});

test('is as large as what it refers to, where TrueNAS tells', () => {
  const sizesOf = (over: Parameters<typeof details>[0]) =>
    findingsOf(
      zfsSnapshotUnclaimed,
      anInventory({ ...volume, zfsSnapshots: [aZfsSnapshot({ details: details(over) })] }),
    ).map((finding) => [finding.size, finding.reclaimable]);
  expect(sizesOf({})).toEqual([[2048, 1024]]);
  expect(sizesOf({ referenced: null, used: null })).toEqual([[null, 0]]);
});

test('says which content refers to a snapshot, or that none does', () => {
  const seen = (world: Parameters<typeof anInventory>[0]) =>
    checkOf(
      zfsSnapshotUnclaimed,
      anInventory({ ...volume, zfsSnapshots: [aZfsSnapshot()], ...world }),
      id,
      'no-content-refers',
    );
  expect(seen({})).toEqual(['passed', 'none in any registered cluster']);
  expect(seen({ volumeSnapshotContents: [aContent()] })).toEqual([
    'failed',
    `content snapcontent-${SNAPSHOT_UID}`,
  ]);
});

test('one that was not looked at stays a candidate for the second look', () => {
  const world = anInventory({ ...volume, zfsSnapshots: [aZfsSnapshot({ details: null })] });
  const evidence = correlate(world, DEFAULT_POLICY);
  const [outcome] = evaluate([zfsSnapshotUnclaimed], evidence, DEFAULT_POLICY);
  expect(outcome?.state === 'ran' && outcome.candidates).toHaveLength(1);
});

test('claimed snapshots lower the share that is unclaimed', () => {
  const named = (n: number) => `snapshot-${SNAPSHOT_UID.slice(0, -2)}${n}`;
  const taken = (n: number) =>
    aZfsSnapshot({
      name: named(n),
      details: details({ properties: finished(HANDLE, { ...own, csiSnapshotName: named(n) }) }),
    });
  const claimed = Array.from({ length: 15 }, (_, n) => n + 20);
  const findings = findingsOf(
    zfsSnapshotUnclaimed,
    anInventory({
      ...volume,
      zfsSnapshots: [10, 11, 12, ...claimed].map(taken),
      volumeSnapshotContents: claimed.map((n) =>
        aContent({ name: `c-${n}`, snapshotHandle: `${HANDLE}@${named(n)}`, snapshot: null }),
      ),
    }),
  );
  expect(findings.map(({ confidence }) => confidence)).toEqual(['certain', 'certain', 'certain']);
});

test('has nothing to say of a snapshot that no driver took', () => {
  const periodic = aZfsSnapshot({ name: 'auto-2026-10-01_00-00' });
  const world = anInventory({ ...volume, zfsSnapshots: [periodic] });
  expect(checkOf(zfsSnapshotUnclaimed, world, periodic.id, 'no-content-refers')).toBeUndefined();
});

test('one that was cloned is not told to have no clone', () => {
  const [finding] = findingsOf(
    zfsSnapshotUnclaimed,
    anInventory({
      datasets: [...volume.datasets, aDataset({ id: `${PARENT}/restored`, origin: id })],
      zfsSnapshots: [aZfsSnapshot()],
    }),
  );
  expect(finding?.remedy).toMatchObject({ action: 'investigate', safe: false });
  expect(finding?.remedy.steps[0]).toBe(
    `Look at its clones: it is cloned into ${PARENT}/restored, and has to outlive them.`,
  );
});
