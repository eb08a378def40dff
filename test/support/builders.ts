import { type Connection } from '../../src/lib/core/model/connection.ts';
import { type Settings } from '../../src/lib/core/model/settings.ts';
import { NO_DRIVER_SETTINGS } from '../../src/lib/core/model/driver-settings.ts';
import { listed } from '../../src/lib/core/model/coverage.ts';
import { type DriverConfig } from '../../src/lib/core/model/driver-config.ts';
import {
  CLUSTER_SOURCES,
  SYSTEM_SOURCES,
  type ClusterIdentity,
  type ClusterInventory,
  type ClusterLists,
  type Inventory,
  type SystemIdentity,
  type SystemInventory,
  type SystemLists,
} from '../../src/lib/core/model/inventory.ts';
import { type MovedDataset } from '../../src/lib/core/model/moved-dataset.ts';
import {
  type CsiDriver,
  type DriverSecret,
  type Node,
  type ObjectMeta,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
  type VolumeAttachment,
  type VolumeEvent,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  type VolumeSnapshotContent,
  type Workload,
} from '../../src/lib/core/model/kubernetes.ts';
import { sizeOf, type Size } from '../../src/lib/core/model/quantity.ts';
import {
  type Dataset,
  type DriverProperties,
  type IscsiExtent,
  type IscsiInitiator,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSubsystem,
  type Pool,
  type SmbShare,
  type TargetGroup,
  type ZfsSnapshot,
  type ZfsSnapshotDetails,
} from '../../src/lib/core/model/truenas.ts';
import {
  type ReplicationTask,
  type RunningJob,
  type SnapshotTask,
} from '../../src/lib/core/model/truenas-tasks.ts';

/*
 * A small world, valid by default: cluster `prod`, system `nas1`, driver `org.democratic-csi.nfs` with its
 * volumes below `tank/k8s`, and one bound NFS volume. Tests override what matters to them.
 */

export const NOW = new Date('2026-11-01T00:00:00Z');
export const LONG_AGO = new Date('2026-06-01T00:00:00Z');
export const JUST_NOW = new Date('2026-10-31T23:00:00Z');
export const PARENT = 'tank/k8s';
export const UID = '6f1d2c9e-3b0a-4a58-9d25-1f9f4a5b7c11';
export const HANDLE = `pvc-${UID}`;
export const SNAPSHOT_UID = '9b6f0f1e-6c0e-4e0f-9a77-0d3a5c1f2b33';

export function size(bytes: number): Size {
  return sizeOf(BigInt(bytes));
}

export function meta(name: string, namespace: null, over?: Partial<ObjectMeta>): ObjectMeta;
export function meta(
  name: string,
  namespace: string,
  over?: Partial<ObjectMeta>,
): ObjectMeta & { readonly namespace: string };
export function meta(
  name: string,
  namespace: string | null,
  over: Partial<ObjectMeta> = {},
): ObjectMeta {
  return {
    cluster: 'prod',
    name,
    namespace,
    uid: `uid-of-${name}`,
    resourceVersion: '1',
    createdAt: LONG_AGO,
    deletedAt: null,
    labels: {},
    annotations: {},
    finalizers: [],
    owners: [],
    ...over,
  };
}

export function aPv(over: Partial<PersistentVolume> = {}): PersistentVolume {
  const name = over.name ?? HANDLE;
  return {
    ...meta(name, null),
    capacity: size(1 << 30),
    reclaimPolicy: 'Delete',
    storageClass: 'nas-nfs',
    phase: 'Bound',
    phaseSince: LONG_AGO,
    statusMessage: null,
    writable: true,
    claim: { namespace: 'media', name: 'library', uid: UID },
    source: {
      kind: 'csi',
      driver: 'org.democratic-csi.nfs',
      handle: name,
      attributes: {
        node_attach_driver: 'nfs',
        provisioner_driver: 'freenas-api-nfs',
        server: '10.10.0.5',
        share: `/mnt/${PARENT}/${name}`,
      },
    },
    ...over,
  };
}

export function anIscsiPv(over: Partial<PersistentVolume> = {}): PersistentVolume {
  const name = over.name ?? HANDLE;
  return aPv({
    source: {
      kind: 'csi',
      driver: 'org.democratic-csi.nfs',
      handle: name,
      attributes: {
        node_attach_driver: 'iscsi',
        provisioner_driver: 'freenas-api-iscsi',
        iqn: `iqn.2005-10.org.freenas.ctl:csi-${name}`,
        lun: '0',
      },
    },
    ...over,
  });
}

export function aClaim(over: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim {
  return {
    ...meta('library', 'media', { uid: UID }),
    phase: 'Bound',
    storageClass: 'nas-nfs',
    volumeName: HANDLE,
    requested: size(1 << 30),
    capacity: size(1 << 30),
    unused: null,
    unusedSince: null,
    resizing: false,
    ...over,
  };
}

export function aStorageClass(over: Partial<StorageClass> = {}): StorageClass {
  return {
    ...meta('nas-nfs', null),
    provisioner: 'org.democratic-csi.nfs',
    bindingMode: 'Immediate',
    reclaimPolicy: 'Delete',
    allowsExpansion: true,
    isDefault: false,
    parameters: {},
    parameterNames: [],
    mountOptions: [],
    ...over,
  };
}

export function aPod(over: Partial<Pod> = {}): Pod {
  return {
    ...meta('player-0', 'media'),
    phase: 'Running',
    node: 'worker-1',
    claims: [],
    inlineVolumes: [],
    ready: true,
    containers: [],
    ...over,
  };
}

export function aContent(over: Partial<VolumeSnapshotContent> = {}): VolumeSnapshotContent {
  return {
    ...meta(`snapcontent-${SNAPSHOT_UID}`, null),
    driver: 'org.democratic-csi.nfs',
    deletionPolicy: 'Delete',
    snapshotHandle: `${HANDLE}@snapshot-${SNAPSHOT_UID}`,
    volumeHandle: HANDLE,
    snapshot: { namespace: 'media', name: 'weekly', uid: SNAPSHOT_UID },
    snapshotClass: 'nas-nfs',
    readyToUse: true,
    restoreSize: size(98_304),
    error: null,
    ...over,
  };
}

export function aVolumeSnapshot(over: Partial<VolumeSnapshot> = {}): VolumeSnapshot {
  return {
    ...meta('weekly', 'media', { uid: SNAPSHOT_UID }),
    contentName: `snapcontent-${SNAPSHOT_UID}`,
    sourceClaim: 'library',
    snapshotClass: 'nas-nfs',
    readyToUse: true,
    error: null,
    ...over,
  };
}

export function properties(over: Partial<DriverProperties> = {}): DriverProperties {
  return {
    owner: null,
    csiVolumeName: null,
    managed: false,
    provisionSuccess: false,
    provisionerDriver: null,
    instanceId: null,
    csiSnapshotName: null,
    csiSnapshotSourceVolumeId: null,
    shareContext: null,
    nfsShareId: null,
    smbShareId: null,
    iscsiTargetId: null,
    iscsiExtentId: null,
    nvmetSubsystemId: null,
    nvmetNamespaceId: null,
    iscsiAssetsName: null,
    nvmetAssetsName: null,
    iscsiIqn: null,
    nvmetNqn: null,
    storageClass: null,
    claim: null,
    keptOnPurpose: false,
    ...over,
  };
}

/** What the driver writes on a volume it finished. */
export function finished(name: string, over: Partial<DriverProperties> = {}): DriverProperties {
  return properties({
    owner: 'democratic-csi',
    csiVolumeName: name,
    managed: true,
    provisionSuccess: true,
    provisionerDriver: 'freenas-api-nfs',
    ...over,
  });
}

export function aDataset(over: Partial<Dataset> = {}): Dataset {
  const id = over.id ?? `${PARENT}/${HANDLE}`;
  return {
    system: 'nas1',
    id,
    pool: id.split('/', 1)[0] ?? id,
    kind: 'filesystem',
    mountpoint: over.kind === 'volume' ? null : `/mnt/${id}`,
    createdAt: LONG_AGO,
    guid: null,
    createtxg: null,
    used: size(4096),
    usedByDataset: size(4096),
    usedBySnapshots: size(0),
    usedByRefreservation: size(0),
    available: size(40 * 2 ** 30),
    compressRatio: 1,
    readonly: false,
    refquota: size(1 << 30),
    volsize: null,
    origin: null,
    locked: false,
    properties: finished(id.slice(id.lastIndexOf('/') + 1)),
    marks: { quarantined: null, ignore: null },
    attachments: [],
    ...over,
  };
}

/** A dataset nobody's driver made, such as a pool's root or a parent. */
export function aFolder(id: string, over: Partial<Dataset> = {}): Dataset {
  return aDataset({ id, properties: properties(), refquota: null, ...over });
}

export function details(over: Partial<ZfsSnapshotDetails> = {}): ZfsSnapshotDetails {
  return {
    createdAt: LONG_AGO,
    createtxg: '100',
    used: size(1024),
    referenced: size(2048),
    holds: [],
    deferDestroy: false,
    properties: finished(HANDLE, {
      csiSnapshotName: `snapshot-${SNAPSHOT_UID}`,
      csiSnapshotSourceVolumeId: HANDLE,
    }),
    ...over,
  };
}

export function aZfsSnapshot(over: Partial<ZfsSnapshot> = {}): ZfsSnapshot {
  const dataset = over.dataset ?? `${PARENT}/${HANDLE}`;
  const name = over.name ?? `snapshot-${SNAPSHOT_UID}`;
  return { system: 'nas1', id: `${dataset}@${name}`, dataset, name, details: details(), ...over };
}

export function anNfsShare(over: Partial<NfsShare> = {}): NfsShare {
  return {
    system: 'nas1',
    id: 42,
    path: `/mnt/${PARENT}/${HANDLE}`,
    comment: `democratic-csi (org.democratic-csi.nfs): ${PARENT}/${HANDLE}`,
    enabled: true,
    locked: false,
    readonly: false,
    networks: [],
    hosts: [],
    ...over,
  };
}

export function anExtent(over: Partial<IscsiExtent> = {}): IscsiExtent {
  return {
    system: 'nas1',
    id: 19,
    name: `csi-${HANDLE}`,
    type: 'DISK',
    path: `zvol/${PARENT}/${HANDLE}`,
    comment: '',
    enabled: true,
    locked: false,
    ...over,
  };
}

/** A group that lets everybody in through portal 1. */
export const A_GROUP: TargetGroup = { portal: 1, initiator: null, auth: null, authMethod: 'NONE' };

export function aTarget(over: Partial<IscsiTarget> = {}): IscsiTarget {
  return { system: 'nas1', id: 17, name: `csi-${HANDLE}`, alias: null, groups: [A_GROUP], ...over };
}

export function aMapping(over: Partial<IscsiTargetExtent> = {}): IscsiTargetExtent {
  return { system: 'nas1', id: 18, target: 17, extent: 19, lun: 0, ...over };
}

export function anSmbShare(over: Partial<SmbShare> = {}): SmbShare {
  return {
    system: 'nas1',
    id: 7,
    name: HANDLE,
    path: `/mnt/${PARENT}/${HANDLE}`,
    comment: '',
    enabled: true,
    locked: false,
    readonly: false,
    settings: '{"purpose":"DEFAULT_SHARE"}',
    ...over,
  };
}

export function anInitiator(over: Partial<IscsiInitiator> = {}): IscsiInitiator {
  return { system: 'nas1', id: 3, comment: '', initiators: [], ...over };
}

export function aSubsystem(over: Partial<NvmetSubsystem> = {}): NvmetSubsystem {
  return {
    system: 'nas1',
    id: 5,
    name: HANDLE,
    nqn: `nqn.2011-06.com.truenas:uuid:1:${HANDLE}`,
    ports: [1],
    hosts: [],
    anyHost: true,
    ...over,
  };
}

export function aNamespace(over: Partial<NvmetNamespace> = {}): NvmetNamespace {
  return {
    system: 'nas1',
    id: 9,
    type: 'ZVOL',
    devicePath: `zvol/${PARENT}/${HANDLE}`,
    subsystem: HANDLE,
    subsystemId: 5,
    enabled: true,
    locked: false,
    ...over,
  };
}

export function aSnapshotTask(over: Partial<SnapshotTask> = {}): SnapshotTask {
  return {
    system: 'nas1',
    id: 4,
    dataset: PARENT,
    recursive: true,
    enabled: true,
    keepsFor: null,
    naming: null,
    ...over,
  };
}

export function aReplicationTask(over: Partial<ReplicationTask> = {}): ReplicationTask {
  return {
    system: 'nas1',
    id: 6,
    name: 'off-site',
    direction: 'PUSH',
    local: false,
    sources: [PARENT],
    target: 'backup/k8s',
    recursive: true,
    enabled: true,
    snapshotTasks: [],
    alsoSends: [],
    ...over,
  };
}

export function aRunningJob(over: Partial<RunningJob> = {}): RunningJob {
  return { system: 'nas1', id: 1001, method: 'replication.run_onetime', datasets: [], ...over };
}

export function aSnapshotClass(over: Partial<VolumeSnapshotClass> = {}): VolumeSnapshotClass {
  return {
    ...meta('nas-nfs', null),
    driver: 'org.democratic-csi.nfs',
    deletionPolicy: 'Delete',
    detached: false,
    isDefault: false,
    parameterNames: [],
    ...over,
  };
}

export function aCsiDriver(over: Partial<CsiDriver> = {}): CsiDriver {
  return { ...meta('org.democratic-csi.nfs', null), attachRequired: true, ...over };
}

export function aNode(over: Partial<Node> = {}): Node {
  return {
    ...meta('worker-1', null),
    ready: true,
    schedulable: true,
    addresses: ['10.0.0.11'],
    kubeletVersion: 'v1.35.2',
    ...over,
  };
}

export function anAttachment(over: Partial<VolumeAttachment> = {}): VolumeAttachment {
  return {
    ...meta('csi-0123456789abcdef', null),
    attacher: 'org.democratic-csi.nfs',
    node: 'worker-1',
    volumeName: HANDLE,
    attached: true,
    attachError: null,
    detachError: null,
    ...over,
  };
}

export function anEvent(over: Partial<VolumeEvent> = {}): VolumeEvent {
  return {
    ...meta(`${HANDLE}.17f0`, 'default'),
    volumeName: HANDLE,
    volumeUid: `uid-of-${HANDLE}`,
    reason: 'VolumeFailedDelete',
    message: 'rpc error: code = FailedPrecondition desc = filesystem has dependent clones',
    lastSeen: JUST_NOW,
    ...over,
  };
}

export function aWorkload(over: Partial<Workload> = {}): Workload {
  return {
    ...meta('player', 'media'),
    kind: 'Deployment',
    replicas: 1,
    suspended: false,
    finished: false,
    claims: [],
    claimPrefixes: [],
    inlineVolumes: [],
    ...over,
  };
}

export function aDriverSecret(over: Partial<DriverSecret> = {}): DriverSecret {
  return {
    cluster: 'prod',
    namespace: 'democratic-csi',
    name: 'nas-nfs-democratic-csi-driver-config',
    driver: 'org.democratic-csi.nfs',
    kind: 'freenas-api-nfs',
    instanceId: null,
    hosts: ['nas1.example'],
    parent: PARENT,
    detachedSnapshotsParent: 'tank/detached',
    handleRule: 'name',
    keepsDeleted: false,
    settings: NO_DRIVER_SETTINGS,
    ...over,
  };
}

export function aPool(over: Partial<Pool> = {}): Pool {
  return {
    system: 'nas1',
    name: 'tank',
    guid: '4711',
    status: 'ONLINE',
    size: null,
    allocated: null,
    free: null,
    healthy: true,
    fragmentation: null,
    scrub: null,
    ...over,
  };
}

export function aDriver(over: Partial<DriverConfig> = {}): DriverConfig {
  return {
    driver: 'org.democratic-csi.nfs',
    cluster: null,
    system: null,
    secret: null,
    parent: PARENT,
    detachedSnapshotsParent: 'tank/detached',
    instanceId: null,
    exclusive: true,
    ...over,
  };
}

export function aCluster(over: Partial<ClusterIdentity> = {}): ClusterIdentity {
  return {
    name: 'prod',
    uid: 'cluster-uid',
    createdAt: new Date('2026-01-01T00:00:00Z'),
    version: 'v1.35.2',
    platform: 'kubernetes',
    clock: NOW,
    ...over,
  };
}

export function aSystem(over: Partial<SystemIdentity> = {}): SystemIdentity {
  return {
    name: 'nas1',
    host: 'nas1.example',
    hostId: 'host-id',
    version: '25.10.1',
    transport: 'jsonrpc',
    clock: NOW,
    ...over,
  };
}

type ClusterItems = { readonly [S in keyof ClusterLists]?: readonly ClusterLists[S][] };
type SystemItems = { readonly [S in keyof SystemLists]?: readonly SystemLists[S][] };

/** One cluster whose lists were all read whole; lists not named are empty. */
export function clusterWith(items: ClusterItems, identity = aCluster()): ClusterInventory {
  const rows = CLUSTER_SOURCES.map((source) => [source, listed<unknown>(items[source] ?? [])]);
  return { identity, lists: Object.fromEntries(rows) as ClusterInventory['lists'] };
}

/** One system whose lists were all read whole. The pool's root and the parent are always there. */
export function systemWith(items: SystemItems, identity = aSystem()): SystemInventory {
  const { name } = identity;
  const datasets = items.datasets ?? [];
  const folders = ['tank', PARENT].filter((id) => !datasets.some((each) => each.id === id));
  const all: SystemItems = {
    pools: [aPool({ system: name })],
    ...items,
    datasets: [...folders.map((id) => aFolder(id, { system: name })), ...datasets],
  };
  const rows = SYSTEM_SOURCES.map((source) => [source, listed<unknown>(all[source] ?? [])]);
  return { identity, lists: Object.fromEntries(rows) as SystemInventory['lists'] };
}

export interface SmallWorld extends ClusterItems, SystemItems {
  readonly drivers?: readonly DriverConfig[];
  readonly cluster?: ClusterIdentity;
  readonly system?: SystemIdentity;
  readonly firstSeen?: ReadonlyMap<string, Date>;
  readonly moved?: readonly MovedDataset[];
  /** How the two were reached; a scan that was not asked does not know. */
  readonly connections?: { readonly cluster?: Connection; readonly system?: Connection };
  readonly settings?: Settings;
}

/** A volume that keeps the lists of a small world from being empty by surprise. */
const BYSTANDER = 'pvc-00000000-0000-4000-8000-000000000001';

/** One cluster and one system, holding what is named and one healthy volume beside it. */
export function anInventory(world: SmallWorld = {}): Inventory {
  const bystander = aPv({ name: BYSTANDER, claim: { namespace: 'other', name: 'data', uid: 'b' } });
  return {
    takenAt: NOW,
    clusters: [
      {
        ...clusterWith(
          { ...world, persistentVolumes: [bystander, ...(world.persistentVolumes ?? [])] },
          world.cluster,
        ),
        ...(world.connections?.cluster && { connection: world.connections.cluster }),
      },
    ],
    systems: [
      {
        ...systemWith(
          {
            ...world,
            datasets: [aDataset({ id: `${PARENT}/${BYSTANDER}` }), ...(world.datasets ?? [])],
            nfsShares: [
              anNfsShare({
                id: 1,
                path: `/mnt/${PARENT}/${BYSTANDER}`,
                comment: `democratic-csi (org.democratic-csi.nfs): ${PARENT}/${BYSTANDER}`,
              }),
              ...(world.nfsShares ?? []),
            ],
          },
          world.system,
        ),
        ...(world.connections?.system && { connection: world.connections.system }),
      },
    ],
    drivers: world.drivers ?? [aDriver()],
    firstSeen: world.firstSeen ?? new Map(),
    moved: world.moved ?? [],
    ...(world.settings === undefined ? {} : { settings: world.settings }),
  };
}
