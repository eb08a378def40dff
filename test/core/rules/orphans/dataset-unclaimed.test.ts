import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { datasetUnclaimed } from '../../../../src/lib/core/rules/orphans/dataset-unclaimed.ts';
import {
  aCluster,
  aContent,
  aDataset,
  aDriver,
  aDriverSecret,
  aMapping,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  aPod,
  aPool,
  aNamespace,
  anSmbShare,
  aPv,
  aReplicationTask,
  aSystem,
  aSubsystem,
  aTarget,
  aZfsSnapshot,
  details,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  properties,
  size,
  SNAPSHOT_UID,
  systemWith,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const lost = `${PARENT}/${HANDLE}`;
const zvol = aDataset({ kind: 'volume' });
const official = aDriver({ driver: 'csi.truenas.io' });
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => aDataset({ id: `${PARENT}/pvc-${n}` }));

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

const located = anInventory({
  datasets: [aDataset()],
  nfsShares: [anNfsShare()],
  drivers: [aDriver({ system: 'nas1' })],
});

testRule(datasetUnclaimed, {
  safe: 'every',
  certain: {
    'a volume whose parent another system pulls': [
      beside(located, { direction: 'PULL', sources: [PARENT] }),
      [lost],
    ],
    'a finished volume that no PersistentVolume refers to': [
      anInventory({ datasets: [aDataset()], nfsShares: [anNfsShare()] }),
      [lost],
    ],
    'a zvol with its own extent and target': [
      anInventory({
        datasets: [zvol],
        iscsiExtents: [anExtent()],
        iscsiTargets: [aTarget()],
        iscsiTargetExtents: [aMapping()],
      }),
      [lost],
    ],
    'a volume that carries the instance_id of a registered driver': [
      anInventory({
        datasets: [aDataset({ properties: finished(HANDLE, { instanceId: 'a' }) })],
        drivers: [aDriver({ exclusive: false, instanceId: 'a' })],
      }),
      [lost],
    ],
    'a volume of a driver whose Secret names this very host, with its instance_id': [
      anInventory({
        drivers: [],
        driverSecrets: [aDriverSecret({ instanceId: 'one' })],
        datasets: [aDataset({ properties: finished(HANDLE, { instanceId: 'one' }) })],
      }),
      [lost],
    ],
    'a volume this system exports, of a driver whose Secret names it by address': [
      anInventory({
        drivers: [],
        driverSecrets: [aDriverSecret({ instanceId: 'one', hosts: ['10.0.0.5'] })],
        datasets: [aDataset({ properties: finished(HANDLE, { instanceId: 'one' }) })],
        nfsShares: [anNfsShare()],
      }),
      [lost],
    ],
    'an NFS volume of csi.truenas.io, which marks only the share': [
      anInventory({
        drivers: [official],
        datasets: [aDataset({ properties: properties() })],
        nfsShares: [anNfsShare({ comment: `CSI volume ${lost}` })],
      }),
      [lost],
    ],
    'an iSCSI volume of csi.truenas.io, which marks only the target': [
      anInventory({
        drivers: [official],
        datasets: [{ ...zvol, properties: properties() }],
        iscsiExtents: [anExtent({ name: lost.slice(0, 64) })],
        iscsiTargets: [aTarget({ name: `csi-${lost.replaceAll('/', '-')}` })],
        iscsiTargetExtents: [aMapping()],
      }),
      [lost],
    ],
    'a zvol that only its own NVMe-oF subsystem serves': [
      anInventory({
        datasets: [zvol],
        nvmetNamespaces: [aNamespace()],
      }),
      [lost],
    ],
    'a volume of which TrueNAS tells nothing but what is judged by itself': [
      anInventory({
        datasets: [
          aDataset({
            attachments: [
              { type: 'NFS Share', names: [`/mnt/${lost}`] },
              { type: 'Snapshot Task', names: ['every night'] },
              { type: 'iSCSI Extent', names: ['x'] },
              { type: 'NVMe-oF Namespace', names: ['x'] },
              { type: 'SMB Share', names: ['x'] },
              { type: 'Replication', names: ['x'] },
              { type: 'Periodic Snapshot Task', names: ['x'] },
            ],
          }),
        ],
        nfsShares: [anNfsShare()],
      }),
      [lost],
    ],
    'a volume with a periodic snapshot that nobody holds': [
      anInventory({
        datasets: [aDataset()],
        zfsSnapshots: [aZfsSnapshot({ name: 'auto-2026-10-01' })],
      }),
      [lost],
    ],
    'a volume below a parent that a recursive task covers': [
      anInventory({
        datasets: [aDataset()],
        snapshotTasks: [
          {
            system: 'nas1',
            id: 1,
            dataset: PARENT,
            recursive: true,
            enabled: true,
            keepsFor: null,
            naming: null,
          },
        ],
      }),
      [lost],
    ],
  },
  likely: {
    'an SMB share of its whole parent, mounted or not': [
      anInventory({
        datasets: [aDataset()],
        smbShares: [anSmbShare({ name: 'k8s', path: `/mnt/${PARENT}` })],
      }),
      [lost],
      'no-foreign-export',
    ],
    'a plug-in of a node that mounts nobody can read what from a server': [
      anInventory({
        datasets: [aDataset()],
        persistentVolumes: [
          aPv({ name: 'by-hand', source: { kind: 'unread', type: 'flexVolume' } }),
        ],
      }),
      [lost],
      'no-inline-volume',
    ],
    'a volume below a path into which another system pushes': [
      beside(located, { sources: [PARENT], target: PARENT }),
      [lost],
      'no-task',
    ],
    'replications of another system that could not be read': [
      {
        ...located,
        systems: [
          ...located.systems,
          ...withoutList(beside(located, {}), 'replicationTasks').systems.slice(1),
        ],
      },
      [lost],
      'no-task',
    ],
    'snapshots that hold gigabytes, of which none is listed': [
      anInventory({ datasets: [aDataset({ usedBySnapshots: size(5 * 2 ** 30) })] }),
      [lost],
      'no-hold',
    ],
    'pods that may not be listed': [
      withoutList(anInventory({ datasets: [aDataset()] }), 'pods'),
      [lost],
      'no-inline-volume',
    ],
    'a parent that other clusters may use': [
      anInventory({ datasets: [aDataset()], drivers: [aDriver({ exclusive: false })] }),
      [lost],
      'owner-registered',
    ],
    'a parent two entries disagree about': [
      anInventory({ datasets: [aDataset()], drivers: [aDriver(), aDriver({ exclusive: false })] }),
      [lost],
      'owner-registered',
    ],
    'a parent that was only inferred': [
      anInventory({ datasets: [aDataset()], drivers: [] }),
      [lost],
      'owner-registered',
    ],
    'an instance_id no registered driver has': [
      anInventory({
        datasets: [aDataset({ properties: finished(HANDLE, { instanceId: 'b' }) })],
        drivers: [aDriver({ instanceId: 'a' })],
      }),
      [lost],
      'no-foreign-owner',
    ],
    'a share made by a driver nobody registered': [
      anInventory({
        datasets: [aDataset()],
        nfsShares: [anNfsShare({ comment: `democratic-csi (org.other.nfs): ${lost}` })],
      }),
      [lost],
      'no-foreign-owner',
    ],
    'a dataset older than its cluster': [
      anInventory({ datasets: [aDataset()], cluster: aCluster({ createdAt: JUST_NOW }) }),
      [lost],
      'younger-than-cluster',
    ],
    'a cluster whose age may not be read': [
      anInventory({ datasets: [aDataset()], cluster: aCluster({ createdAt: null }) }),
      [lost],
      'younger-than-cluster',
    ],
    'more than a fifth of a parent at once': [
      anInventory({ datasets: many(3) }),
      [0, 1, 2].map((n) => `${PARENT}/pvc-${n}`),
      'few-unclaimed-at-once',
    ],
    'a clone of one of its snapshots': [
      anInventory({
        datasets: [aDataset(), aDataset({ id: `${PARENT}/clone`, origin: `${lost}@s` })],
        persistentVolumes: [aPv({ name: 'clone' })],
      }),
      [lost],
      'no-clone',
    ],
    'a hold on one of its snapshots': [
      anInventory({
        datasets: [aDataset()],
        zfsSnapshots: [aZfsSnapshot({ name: 'keep', details: details({ holds: ['truenas'] }) })],
      }),
      [lost],
      'no-hold',
    ],
    'a snapshot whose holds were not looked up': [
      anInventory({
        datasets: [aDataset()],
        zfsSnapshots: [aZfsSnapshot({ name: 'keep', details: null })],
      }),
      [lost],
      'no-hold',
    ],
    'a snapshot that Kubernetes still counts on': [
      anInventory({
        datasets: [aDataset()],
        zfsSnapshots: [aZfsSnapshot()],
        volumeSnapshotContents: [aContent()],
      }),
      [lost],
      'no-claimed-snapshot',
    ],
    'a replica of the volume, on a system the driver does not work on': [
      anInventory({
        drivers: [],
        driverSecrets: [aDriverSecret({ instanceId: 'one', hosts: ['nas2.example'] })],
        datasets: [aDataset({ properties: finished(HANDLE, { instanceId: 'one' }) })],
      }),
      [lost],
      'owner-registered',
    ],
    'a driver whose Secret says to retain what is deleted': [
      anInventory({
        driverSecrets: [aDriverSecret({ keepsDeleted: true })],
        datasets: [aDataset()],
      }),
      [lost],
      'not-kept-on-purpose',
    ],
    'a share of csi.truenas.io below the parent of another driver': [
      anInventory({
        datasets: [aDataset({ properties: properties() })],
        nfsShares: [anNfsShare({ comment: `CSI volume clone ${lost}` })],
      }),
      [lost],
      'no-foreign-owner',
    ],
    'a virtual machine of TrueNAS that has it as its disk': [
      anInventory({
        datasets: [{ ...zvol, attachments: [{ type: 'VM', names: ['windows-11'] }] }],
      }),
      [lost],
      'no-other-use',
    ],
    'uses on TrueNAS that could not be asked for': [
      anInventory({ datasets: [{ ...zvol, attachments: null }] }),
      [lost],
      'no-other-use',
    ],
    'a namespace of somebody else’s subsystem that exports it': [
      anInventory({ datasets: [zvol], nvmetNamespaces: [aNamespace({ subsystem: 'db' })] }),
      [lost],
      'no-foreign-export',
    ],
    'a host that is connected to its NVMe-oF subsystem': [
      anInventory({
        datasets: [zvol],
        nvmetNamespaces: [aNamespace()],
        nvmetSubsystems: [aSubsystem()],
        nvmetSessions: [{ system: 'nas1', subsystemId: 5, host: 'nqn.2014-08.org:host' }],
      }),
      [lost],
      'no-nvme-session',
    ],
    'an initiator that is logged in': [
      anInventory({
        datasets: [zvol],
        iscsiExtents: [anExtent()],
        iscsiTargets: [aTarget()],
        iscsiTargetExtents: [aMapping()],
        iscsiSessions: [
          { system: 'nas1', initiator: 'iqn.node1', target: `iqn.2005-10.org.x:csi-${HANDLE}` },
        ],
      }),
      [lost],
      'no-iscsi-session',
    ],
    'an NFS share of a directory inside it': [
      anInventory({
        datasets: [aDataset()],
        nfsShares: [
          anNfsShare(),
          anNfsShare({ id: 77, path: `/mnt/${lost}/media`, comment: 'office' }),
        ],
      }),
      [lost],
      'no-foreign-export',
    ],
    'an SMB share of a directory inside it': [
      anInventory({
        datasets: [aDataset()],
        smbShares: [anSmbShare({ name: 'office', path: `/mnt/${lost}/media` })],
      }),
      [lost],
      'no-foreign-export',
    ],
    'a file inside it that is exported as a disk': [
      anInventory({
        datasets: [aDataset()],
        iscsiExtents: [anExtent({ type: 'FILE', name: 'vm', path: `/mnt/${lost}/disk.img` })],
      }),
      [lost],
      'no-foreign-export',
    ],
    'a dataset somebody made inside it': [
      anInventory({
        datasets: [aDataset(), aDataset({ id: `${lost}/sub`, properties: finished(HANDLE) })],
      }),
      [lost],
      'no-child-dataset',
    ],
    'a volume its driver was told to retain': [
      anInventory({
        datasets: [aDataset({ properties: finished(HANDLE, { keptOnPurpose: true }) })],
      }),
      [lost],
      'not-kept-on-purpose',
    ],
    'a second share that is not its own': [
      anInventory({
        datasets: [aDataset()],
        nfsShares: [anNfsShare(), anNfsShare({ id: 43, comment: 'backup host' })],
      }),
      [lost],
      'no-foreign-export',
    ],
    'an SMB share of another name': [
      anInventory({
        datasets: [aDataset()],
        smbShares: [anSmbShare({ name: 'office', path: `/mnt/${lost}` })],
      }),
      [lost],
      'no-foreign-export',
    ],
    'an extent and a target of another name': [
      anInventory({
        datasets: [zvol],
        iscsiExtents: [anExtent({ name: 'vm-disk' })],
        iscsiTargets: [aTarget({ name: 'vm' })],
        iscsiTargetExtents: [aMapping()],
      }),
      [lost],
      'no-foreign-export',
    ],
    'a snapshot task that names it': [
      anInventory({
        datasets: [aDataset()],
        snapshotTasks: [
          {
            system: 'nas1',
            id: 7,
            dataset: lost,
            recursive: false,
            enabled: true,
            keepsFor: null,
            naming: null,
          },
        ],
      }),
      [lost],
      'no-task',
    ],
    'a replication that writes into it': [
      anInventory({
        datasets: [aDataset()],
        replicationTasks: [
          aReplicationTask({ name: 'mirror', sources: ['tank/x'], target: lost, recursive: false }),
        ],
      }),
      [lost],
      'no-task',
    ],
  },
  silent: {
    'a volume that is mounted by SMB in other capitals': anInventory({
      datasets: [aDataset()],
      smbShares: [anSmbShare({ name: 'k8s', path: `/mnt/${PARENT}` })],
      persistentVolumes: [
        aPv({
          name: 'by-hand',
          source: {
            kind: 'csi',
            driver: 'smb.csi.k8s.io',
            handle: 'x',
            attributes: { source: `//nas/K8S/${HANDLE.toUpperCase()}` },
          },
        }),
      ],
    }),
    'a volume a node mounts as a directory': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({ name: 'by-hand', source: { kind: 'path', type: 'local', path: `/mnt/${lost}/a` } }),
      ],
    }),
    'a volume a pod mounts as a directory of its node': anInventory({
      datasets: [aDataset()],
      pods: [aPod({ inlineVolumes: [{ kind: 'path', type: 'hostPath', path: `/mnt/${lost}` }] })],
    }),
    'a volume whose SMB share a plug-in mounts': anInventory({
      datasets: [aDataset()],
      smbShares: [anSmbShare({ name: 'Films' })],
      persistentVolumes: [
        aPv({ name: 'by-hand', source: { kind: 'smb', source: '//nas/films/new' } }),
      ],
    }),
    'a volume in quarantine': anInventory({
      datasets: [
        aDataset({ marks: { quarantined: `${lost};2026-10-01T00:00:00Z;p`, ignore: null } }),
      ],
    }),
    'a dataset without any mark that is shared as another volume of csi.truenas.io': anInventory({
      drivers: [official],
      datasets: [aDataset({ properties: properties() })],
      nfsShares: [anNfsShare({ comment: 'CSI volume tank/k8s/another' })],
    }),
    'a volume that a bound PersistentVolume uses': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv()],
    }),
    'a volume of a Released PersistentVolume': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv({ phase: 'Released', reclaimPolicy: 'Retain' })],
    }),
    'a hashed handle': anInventory({
      datasets: [aDataset({ id: `${PARENT}/8479`, properties: finished(HANDLE) })],
      persistentVolumes: [
        aPv({
          source: { kind: 'csi', driver: 'org.democratic-csi.nfs', handle: '8479', attributes: {} },
        }),
      ],
    }),
    'a volume whose name a PersistentVolume has, under another handle': anInventory({
      datasets: [aDataset({ id: `${PARENT}/other`, properties: finished(HANDLE) })],
      persistentVolumes: [aPv()],
    }),
    'a volume that may be the one an unresolved PersistentVolume means': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({ name: 'x', source: { kind: 'csi', driver: 'else', handle: HANDLE, attributes: {} } }),
      ],
    }),
    'a static PersistentVolume on its path': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({ name: 'static', source: { kind: 'nfs', server: 'nas1', path: `/mnt/${lost}/sub` } }),
      ],
    }),
    ...Object.fromEntries(
      [`/mnt//${lost}`, `/mnt/tank/./k8s/${HANDLE}/`, `/mnt/tank/x/../k8s/${HANDLE}`].map(
        (path) => [
          `a static PersistentVolume that writes its path as ${path}`,
          anInventory({
            datasets: [aDataset()],
            persistentVolumes: [
              aPv({ name: 'static', source: { kind: 'nfs', server: 'nas1', path } }),
            ],
          }),
        ],
      ),
    ),
    'a static PersistentVolume of the NFS driver with a subdirectory': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({
          name: 'static',
          source: {
            kind: 'csi',
            driver: 'nfs.csi.k8s.io',
            handle: 'nas1#k8s#x',
            attributes: { share: `/mnt/${PARENT}`, subdir: HANDLE },
          },
        }),
      ],
    }),
    'a static PersistentVolume on its SMB share, by address': anInventory({
      datasets: [aDataset()],
      smbShares: [anSmbShare({ name: 'media', path: `/mnt/${lost}` })],
      persistentVolumes: [
        aPv({
          name: 'static',
          source: {
            kind: 'csi',
            driver: 'smb.csi.k8s.io',
            handle: 'media',
            attributes: { source: '//nas1/media' },
          },
        }),
      ],
    }),
    'a static PersistentVolume on its SMB share': anInventory({
      datasets: [aDataset()],
      smbShares: [anSmbShare({ name: HANDLE, path: `/mnt/${lost}` })],
      persistentVolumes: [
        aPv({
          name: 'static',
          source: {
            kind: 'csi',
            driver: 'org.democratic-csi.node-manual',
            handle: 'my-media',
            attributes: { node_attach_driver: 'smb', share: HANDLE.toUpperCase() },
          },
        }),
      ],
    }),
    'a static PersistentVolume on a path that a replica claims to be mounted at as well':
      anInventory({
        datasets: [
          aDataset(),
          aDataset({
            id: `backup/k8s/${HANDLE}`,
            mountpoint: `/mnt/${lost}`,
            properties: properties(),
          }),
        ],
        persistentVolumes: [
          aPv({ name: 'static', source: { kind: 'nfs', server: 'nas1', path: `/mnt/${lost}` } }),
        ],
      }),
    'a static PersistentVolume on a dataset inside it': anInventory({
      datasets: [aDataset(), aDataset({ id: `${lost}/sub`, properties: finished(HANDLE) })],
      persistentVolumes: [
        aPv({ name: 'static', source: { kind: 'nfs', server: 'nas1', path: `/mnt/${lost}/sub` } }),
      ],
    }),
    'a static PersistentVolume on its target': anInventory({
      datasets: [zvol],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
      persistentVolumes: [
        aPv({
          name: 'static',
          source: { kind: 'iscsi', portal: 'nas1', iqn: `iqn.2005-10.org.x:CSI-${HANDLE}`, lun: 0 },
        }),
      ],
    }),
    'a handle that is the full path': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({
          name: 'tns',
          source: { kind: 'csi', driver: 'tns.csi.io', handle: lost, attributes: {} },
        }),
      ],
    }),
    'a pod that mounts its share directly': anInventory({
      datasets: [aDataset()],
      pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: 'nas1', path: `/mnt/${lost}` }] })],
    }),
    'an iSCSI volume in use': anInventory({ datasets: [zvol], persistentVolumes: [anIscsiPv()] }),
    'a dataset made by hand': anInventory({ datasets: [aDataset({ properties: properties() })] }),
    'a child of a volume, which inherits every property': anInventory({
      datasets: [aDataset(), aDataset({ id: `${lost}/child`, properties: finished(HANDLE) })],
      persistentVolumes: [aPv()],
    }),
    'a child of a parent that itself carries the properties': anInventory({
      datasets: [
        aDataset({ id: 'tank/tagged', properties: finished('x') }),
        aDataset({ id: 'tank/tagged/child', properties: finished('x') }),
      ],
      drivers: [aDriver({ parent: 'tank/tagged' })],
    }),
    'a replica outside every parent': anInventory({
      datasets: [aDataset({ id: `tank/replica/${HANDLE}`, properties: finished(HANDLE) })],
    }),
    'a detached snapshot': anInventory({
      datasets: [
        aDataset({
          id: `${PARENT}/copy`,
          properties: properties({ managed: true, csiSnapshotName: `snapshot-${SNAPSHOT_UID}` }),
        }),
      ],
    }),
    'a volume that was never finished': anInventory({
      datasets: [aDataset({ properties: properties({ csiVolumeName: HANDLE, managed: true }) })],
    }),
    'a volume younger than the threshold': anInventory({
      datasets: [aDataset({ createdAt: JUST_NOW })],
    }),
    'a volume whose age is not known': anInventory({ datasets: [aDataset({ createdAt: null })] }),
    'a volume that is old only by a clock that runs ahead': anInventory({
      datasets: [aDataset({ createdAt: new Date('2026-10-30T23:30:00Z') })],
      cluster: aCluster({ clock: new Date('2026-10-31T23:00:00Z') }),
    }),
    'a pool that is degraded': anInventory({
      datasets: [aDataset()],
      pools: [aPool({ status: 'DEGRADED' })],
    }),
    'a locked volume': anInventory({ datasets: [aDataset({ locked: true })] }),
    'everything, when no PersistentVolume at all is seen': {
      ...anInventory(),
      clusters: [{ identity: aCluster(), lists: {} }],
    },
  },
});

test('the first step names what exports the volume, and no export where there is none', () => {
  const step = (inventory: Inventory): string | undefined =>
    findingsOf(datasetUnclaimed, inventory)[0]?.remedy.steps[0];
  expect(step(anInventory({ datasets: [aDataset()], nfsShares: [anNfsShare()] }))).toBe(
    `Disable the NFS share of ${lost} and leave the data where it is.`,
  );
  expect(step(anInventory({ datasets: [zvol], iscsiExtents: [anExtent()] }))).toContain(
    'Disable the iSCSI extent',
  );
  expect(
    step(
      anInventory({
        datasets: [zvol],
        nvmetSubsystems: [aSubsystem()],
        nvmetNamespaces: [aNamespace()],
      }),
    ),
  ).toContain('Disable the NVMe-oF namespace');
  expect(step(anInventory({ datasets: [aDataset()], smbShares: [anSmbShare()] }))).toContain(
    'Disable the SMB share',
  );
  expect(step(anInventory({ datasets: [zvol] }))).toContain('read-only: nothing exports it');
});

test('where it is the cluster that is missing, a volume is brought back and not put aside', () => {
  const remedyIn = (world: Parameters<typeof anInventory>[0]) =>
    findingsOf(datasetUnclaimed, anInventory(world)).map(({ remedy }) => remedy);
  const [rebuilt] = remedyIn({
    datasets: [aDataset()],
    cluster: aCluster({ createdAt: JUST_NOW }),
  });
  expect(rebuilt).toMatchObject({ action: 'adopt-dataset', safe: false });
  expect(rebuilt?.steps.join(' ')).toContain(`reclaim policy Retain for ${lost}`);
  const crowd = remedyIn({ datasets: many(3) });
  expect(crowd.map(({ action }) => action)).toEqual(Array(3).fill('adopt-dataset'));
  const [shared] = remedyIn({
    datasets: [aDataset()],
    drivers: [aDriver({ exclusive: false })],
  });
  expect(shared).toMatchObject({ action: 'investigate', safe: false });
  expect(shared?.steps[0]).toContain('exclusive: true} to drivers: if that is so.');
});

test('what speaks against it comes before anything is disabled', () => {
  const target = `iqn.2005-10.org.x:csi-${HANDLE}`;
  const exported = {
    datasets: [zvol],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget()],
    iscsiTargetExtents: [aMapping()],
  };
  const foreign = {
    datasets: [aDataset({ properties: finished(HANDLE, { instanceId: 'staging' }) })],
    nfsShares: [anNfsShare()],
    drivers: [aDriver({ exclusive: false, instanceId: 'prod' })],
  };
  const worlds: Readonly<Record<string, Parameters<typeof anInventory>[0]>> = {
    'Find out which host is logged in and what it has mounted: iqn.node1.': {
      ...exported,
      iscsiSessions: [{ system: 'nas1', initiator: 'iqn.node1', target }],
    },
    'Where that is another one, register it and its driver': foreign,
    'its share was made by driver org.other': {
      datasets: [aDataset()],
      nfsShares: [anNfsShare({ comment: `democratic-csi (org.other): ${lost}` })],
    },
    'Look at what uses it on TrueNAS: VM windows': {
      ...exported,
      datasets: [{ ...zvol, attachments: [{ type: 'VM', names: ['windows'] }] }],
    },
    'so that it is kept on purpose': {
      datasets: [aDataset({ properties: finished(HANDLE, { keptOnPurpose: true }) })],
      nfsShares: [anNfsShare()],
    },
  };
  for (const [first, world] of Object.entries(worlds)) {
    const [finding] = findingsOf(datasetUnclaimed, anInventory(world));
    expect(finding?.remedy).toMatchObject({ action: 'investigate', safe: false });
    expect(finding?.remedy.steps[0]).toContain(first);
    expect(finding?.remedy.steps[0]).not.toContain('exclusive: true');
    expect(finding?.remedy.steps[1]).toMatch(/^Only when that is settled: disable the /);
  }
});

test('whoever brings a volume back is told first that somebody else has it', () => {
  const [finding] = findingsOf(
    datasetUnclaimed,
    anInventory({
      cluster: aCluster({ createdAt: JUST_NOW }),
      datasets: [aDataset({ properties: finished(HANDLE, { instanceId: 'staging' }) })],
      drivers: [aDriver({ instanceId: 'prod' })],
    }),
  );
  expect(finding?.remedy.action).toBe('adopt-dataset');
  expect(finding?.remedy.steps[0]).toContain('instance_id staging belongs to no registered driver');
});

test('its snapshots are named and go before it, and what exports it goes before them', () => {
  const [finding] = findingsOf(
    datasetUnclaimed,
    anInventory({
      datasets: [zvol],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
      zfsSnapshots: ['b', 'a'].map((name) => aZfsSnapshot({ name, details: details() })),
    }),
  );
  expect(finding?.remedy.steps.slice(2)).toEqual([
    'Delete the mapping, the extent and the target, after a look at path and name: ids are used again.',
    'Look at its 2 snapshots, @a, @b, and delete each by its name once nobody needs it: ZFS deletes no dataset that has one, and the recursive option would take them unseen.',
    'Delete the dataset without the recursive option, and check that it is gone.',
  ]);
});

test('names the volume that uses it', () => {
  const seen = (persistentVolumes: ReturnType<typeof aPv>[]) =>
    checkOf(
      datasetUnclaimed,
      anInventory({ datasets: [aDataset()], persistentVolumes }),
      lost,
      'no-volume-refers',
    );
  expect(seen([])?.[1]).toBe('no PersistentVolume in any registered cluster refers to it');
  expect(seen([aPv()])).toEqual(['failed', `used by ${HANDLE}`]);
});
