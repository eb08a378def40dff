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
import {
  type ObjectMeta,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
} from '../../src/lib/core/model/kubernetes.ts';
import { sizeOf, type Size } from '../../src/lib/core/model/quantity.ts';
import {
  type Dataset,
  type DriverProperties,
  type IscsiExtent,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type Pool,
  type ZfsSnapshot,
  type ZfsSnapshotDetails,
} from '../../src/lib/core/model/truenas.ts';

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

function meta(name: string, namespace: null, over?: Partial<ObjectMeta>): ObjectMeta;
function meta(
  name: string,
  namespace: string,
  over?: Partial<ObjectMeta>,
): ObjectMeta & { readonly namespace: string };
function meta(name: string, namespace: string | null, over: Partial<ObjectMeta> = {}): ObjectMeta {
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
    ...over,
  };
}

export function aStorageClass(over: Partial<StorageClass> = {}): StorageClass {
  return {
    ...meta('nas-nfs', null),
    provisioner: 'org.democratic-csi.nfs',
    bindingMode: 'Immediate',
    reclaimPolicy: 'Delete',
    ...over,
  };
}

export function aPod(over: Partial<Pod> = {}): Pod {
  return { ...meta('player-0', 'media'), phase: 'Running', claims: [], inlineVolumes: [], ...over };
}

export function aContent(over: Partial<VolumeSnapshotContent> = {}): VolumeSnapshotContent {
  return {
    ...meta(`snapcontent-${SNAPSHOT_UID}`, null),
    driver: 'org.democratic-csi.nfs',
    deletionPolicy: 'Delete',
    snapshotHandle: `${HANDLE}@snapshot-${SNAPSHOT_UID}`,
    volumeHandle: HANDLE,
    snapshot: { namespace: 'media', name: 'weekly', uid: SNAPSHOT_UID },
    readyToUse: true,
    restoreSize: size(98_304),
    ...over,
  };
}

export function aVolumeSnapshot(over: Partial<VolumeSnapshot> = {}): VolumeSnapshot {
  return {
    ...meta('weekly', 'media', { uid: SNAPSHOT_UID }),
    contentName: `snapcontent-${SNAPSHOT_UID}`,
    sourceClaim: 'library',
    readyToUse: true,
    ...over,
  };
}

export function properties(over: Partial<DriverProperties> = {}): DriverProperties {
  return {
    csiVolumeName: null,
    managed: false,
    provisionSuccess: false,
    provisionerDriver: null,
    instanceId: null,
    csiSnapshotName: null,
    csiSnapshotSourceVolumeId: null,
    shareContext: null,
    nfsShareId: null,
    iscsiAssetsName: null,
    claim: null,
    keptOnPurpose: false,
    ...over,
  };
}

/** What the driver writes on a volume it finished. */
export function finished(name: string, over: Partial<DriverProperties> = {}): DriverProperties {
  return properties({
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
    refquota: size(1 << 30),
    volsize: null,
    origin: null,
    locked: false,
    properties: finished(id.slice(id.lastIndexOf('/') + 1)),
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

export function aTarget(over: Partial<IscsiTarget> = {}): IscsiTarget {
  return { system: 'nas1', id: 17, name: `csi-${HANDLE}`, ...over };
}

export function aMapping(over: Partial<IscsiTargetExtent> = {}): IscsiTargetExtent {
  return { system: 'nas1', id: 18, target: 17, extent: 19, lun: 0, ...over };
}

export function aPool(over: Partial<Pool> = {}): Pool {
  return {
    system: 'nas1',
    name: 'tank',
    status: 'ONLINE',
    size: null,
    allocated: null,
    free: null,
    ...over,
  };
}

export function aDriver(over: Partial<DriverConfig> = {}): DriverConfig {
  return {
    driver: 'org.democratic-csi.nfs',
    cluster: null,
    system: null,
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
  const all: SystemItems = {
    pools: [aPool({ system: name })],
    ...items,
    datasets: [
      aFolder('tank', { system: name }),
      aFolder(PARENT, { system: name }),
      ...(items.datasets ?? []),
    ],
  };
  const rows = SYSTEM_SOURCES.map((source) => [source, listed<unknown>(all[source] ?? [])]);
  return { identity, lists: Object.fromEntries(rows) as SystemInventory['lists'] };
}

export interface SmallWorld extends ClusterItems, SystemItems {
  readonly drivers?: readonly DriverConfig[];
  readonly cluster?: ClusterIdentity;
  readonly system?: SystemIdentity;
  readonly firstSeen?: ReadonlyMap<string, Date>;
}

/** A volume that keeps the lists of a small world from being empty by surprise. */
const BYSTANDER = 'pvc-00000000-0000-4000-8000-000000000001';

/** One cluster and one system, holding what is named and one healthy volume beside it. */
export function anInventory(world: SmallWorld = {}): Inventory {
  const bystander = aPv({ name: BYSTANDER, claim: { namespace: 'other', name: 'data', uid: 'b' } });
  return {
    takenAt: NOW,
    clusters: [
      clusterWith(
        { ...world, persistentVolumes: [bystander, ...(world.persistentVolumes ?? [])] },
        world.cluster,
      ),
    ],
    systems: [
      systemWith(
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
    ],
    drivers: world.drivers ?? [aDriver()],
    firstSeen: world.firstSeen ?? new Map(),
  };
}
