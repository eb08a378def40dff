import { type LabSystem, type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';

export const KEY = '3-labSecretThatMustNeverBeShown';

const RELEASES: Readonly<Record<TrueNasVersion, string>> = {
  '24.10': '24.10.2.4',
  '25.04': '25.04.2.6',
  '25.10': '25.10.1',
  '26': '26.0.0',
};

const CREATED = '2026-10-01T08:00:00.000Z';
const DRIVER = {
  'democratic-csi:managed_resource': 'true',
  'democratic-csi:provision_success': 'true',
  'democratic-csi:volume_context_provisioner_instance_id': 'prod',
};

let lastId = 1;

function dataset(id: string, more: Partial<LabSystem['datasets'][number]> = {}) {
  lastId += 1;
  return {
    id,
    type: 'FILESYSTEM' as const,
    createdAt: CREATED,
    guid: String(17_000_000_000_000_000_000n + BigInt(lastId)),
    createtxg: lastId,
    usedbydataset: 98_304,
    usedbysnapshots: 0,
    usedbyrefreservation: 0,
    userProperties: {},
    ...more,
  };
}

function snapshot(id: string, more: Partial<LabSystem['snapshots'][number]> = {}) {
  lastId += 1;
  return {
    id,
    createdAt: CREATED,
    guid: String(lastId),
    createtxg: lastId,
    used: 65_536,
    referenced: 131_072,
    userProperties: {},
    ...more,
  };
}

/** One small system with at least one object of every kind. */
export function aSystem(version: TrueNasVersion, roles = ['FULL_ADMIN']): LabSystem {
  const [id, secret] = KEY.split('-');
  return {
    name: 'nas1',
    hostId: 'b'.repeat(64),
    version,
    release: RELEASES[version],
    pools: [
      { name: 'tank', guid: '1', status: 'ONLINE', imported: true, size: 1e12 },
      { name: 'fast', guid: '2', status: 'DEGRADED', imported: true, size: 1e11 },
      { name: 'away', guid: '3', status: 'ONLINE', imported: false, size: 1e11 },
    ],
    datasets: [
      dataset('tank', { usedbydataset: 398_000_000_000 }),
      dataset('tank/k8s'),
      dataset('tank/k8s/pvc-1', {
        usedbydataset: 1_610_612_736,
        usedbysnapshots: 65_536,
        refquota: 5_368_709_120,
        userProperties: {
          ...DRIVER,
          'democratic-csi:csi_volume_name': 'pvc-1',
          'democratic-csi:freenas_nfs_share_id': '1',
          'org.freenas:description': 'shop/data-0',
        },
      }),
      dataset('tank/k8s/clone of 1', {
        origin: 'tank/k8s/pvc-1@snapshot-1',
        readonly: true,
        userProperties: { 'truenas-monitor:quarantined': 'tank/k8s/clone of 1;2026-11-01;p1' },
      }),
      dataset('tank/locked', { locked: true }),
      dataset('fast'),
      dataset('fast/vols', { userProperties: { 'truenas-monitor:ignore': 'fast/vols;*' } }),
      dataset('fast/vols/pvc-2', {
        type: 'VOLUME',
        volsize: 10_737_418_240,
        usedbyrefreservation: 4_096,
        userProperties: { ...DRIVER, 'democratic-csi:csi_volume_name': 'pvc-2' },
      }),
      dataset('away'),
      dataset('away/pvc-3'),
    ],
    snapshots: [
      snapshot('tank/k8s/pvc-1@snapshot-1', {
        holds: ['keep'],
        deferDestroy: true,
        userProperties: { 'democratic-csi:csi_snapshot_name': 'snapshot-1' },
      }),
      snapshot('fast/vols/pvc-2@auto-2026-10-02'),
    ],
    nfsShares: [
      {
        id: 1,
        path: '/mnt/tank/k8s/pvc-1',
        comment: 'pvc-1',
        enabled: true,
        networks: ['10.10.0.0/16'],
        hosts: ['node-1'],
      },
      { id: 2, path: '/mnt/tank/locked', comment: '', enabled: false, ro: true },
    ],
    smbShares: [
      {
        id: 4,
        name: 'media',
        path: '/mnt/tank/k8s',
        comment: 'films',
        enabled: true,
        readonly: true,
      },
    ],
    iscsiBasename: 'iqn.2005-10.org.freenas.ctl',
    iscsiTargets: [
      {
        id: 5,
        name: 'pvc-2',
        alias: 'shop',
        groups: [{ portal: 1, initiator: 3, authmethod: 'NONE', auth: null }],
      },
    ],
    iscsiInitiators: [{ id: 3, initiators: ['iqn.2026-01.example:node1'], comment: 'nodes' }],
    iscsiExtents: [
      {
        id: 6,
        name: 'pvc-2',
        type: 'DISK',
        path: 'zvol/fast/vols/pvc-2',
        comment: 'c',
        enabled: true,
      },
    ],
    iscsiTargetExtents: [{ id: 7, target: 5, extent: 6, lunid: 0 }],
    iscsiSessions: [
      {
        initiator: 'iqn.2026-01.example:node1',
        initiatorAddress: '10.0.0.9',
        target: 'iqn.2005-10.org.freenas.ctl:pvc-2',
      },
    ],
    nvmetSubsystems: [
      { id: 8, name: 'sub', subnqn: 'nqn.2026-01.example:sub', ports: [1, 2], hosts: [12] },
      { id: 13, name: 'idle', subnqn: null, ports: [] },
    ],
    nvmetPorts: [
      { id: 1, address: '10.0.0.1' },
      { id: 2, address: 'fd00::1', service: 4421 },
    ],
    nvmetHosts: [{ id: 12, hostnqn: 'nqn.2014-08.example:node1' }],
    nvmetSessions: [
      {
        hostnqn: 'nqn.2014-08.example:node1',
        hostAddress: '10.0.0.9',
        subsystem: 8,
        port: 1,
      },
    ],
    nvmetNamespaces: [
      { id: 9, nsid: 1, subsystem: 8, devicePath: 'zvol/fast/vols/pvc-2', enabled: true },
    ],
    snapshotTasks: [
      {
        id: 10,
        dataset: 'fast/vols',
        recursive: true,
        enabled: true,
        lifetimeValue: 2,
        lifetimeUnit: 'WEEK',
        namingSchema: 'auto-%Y-%m-%d',
      },
    ],
    replicationTasks: [
      {
        id: 11,
        name: 'offsite',
        direction: 'PULL',
        transport: 'SSH',
        sources: ['fast'],
        target: 'backup/fast',
        recursive: true,
        enabled: true,
      },
      {
        id: 14,
        name: 'copy',
        sources: ['tank/k8s'],
        target: 'fast/copy',
        recursive: false,
        enabled: false,
        snapshotTasks: [10],
        alsoSends: ['daily-%Y'],
      },
    ],
    runningJobs: [
      {
        id: 20,
        method: 'replication.run_onetime',
        arguments: [
          { direction: 'PUSH', source_datasets: ['tank/k8s/pvc-1'], target_dataset: 'tank/new' },
        ],
        username: 'monitor',
      },
      { id: 21, method: 'pool.scrub.scrub', arguments: ['tank'], username: 'monitor' },
      { id: 22, method: 'replication.run', arguments: [11], state: 'WAITING', username: 'monitor' },
      { id: 23, method: 'pool.dataset.lock', arguments: ['tank/locked'], username: 'root' },
    ],
    apiKeys: [{ id: Number(id), secret: secret ?? '', username: 'monitor', roles }],
  };
}
