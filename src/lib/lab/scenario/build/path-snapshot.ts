import { guidOf, uuidOf } from './identity.ts';
import { addObject } from './objects.ts';
import { type PathVolume } from './path-volume.ts';
import { isBlock } from './protocol.ts';
import { addZfsSnapshot } from './snapshot.ts';
import { addDataset, ago, GIB } from './stage.ts';

export interface PathSnapshotOptions {
  readonly name: string;
  readonly days?: number;
  readonly gone?: readonly ('snapshot' | 'content' | 'backend')[];
  /** A copy of its own, where the driver keeps those; tns-csi alone. */
  readonly detached?: boolean;
}

export interface PathSnapshot {
  readonly contentName: string;
  readonly handle: string;
  /** ZFS snapshot, or the dataset of the copy. */
  readonly id: string;
}

/** Both sides of a snapshot of a driver whose volume handles are paths. */
export function addPathSnapshot(volume: PathVolume, options: PathSnapshotOptions): PathSnapshot {
  const { driver } = volume;
  const uid = uuidOf(`${driver.cluster.cluster.uid} snapshot ${volume.name} ${options.name}`);
  const names = namesOf(volume, `snapshot-${uid}`, options.detached ?? false);
  const snapshot = { contentName: `snapcontent-${uid}`, ...names };
  const gone = new Set(options.gone);
  if (!gone.has('backend')) addBackend(volume, snapshot, options);
  if (!gone.has('content')) addContent(volume, snapshot, uid, options);
  if (!gone.has('snapshot')) addVolumeSnapshot(volume, snapshot, uid, options);
  return snapshot;
}

function namesOf(
  { driver, dataset }: PathVolume,
  name: string,
  detached: boolean,
): Pick<PathSnapshot, 'handle' | 'id'> {
  const bare = `${dataset}@${name}`;
  const handle = driver.driver === 'tns.csi.io' ? `${driver.protocol}:${bare}` : bare;
  if (!detached) return { handle, id: bare };
  const pool = dataset.slice(0, dataset.indexOf('/'));
  return { handle: `detached:${handle}`, id: `${pool}/csi-detached-snapshots/${name}` };
}

function addBackend(
  { driver, dataset }: PathVolume,
  { handle, id }: PathSnapshot,
  { days = 30.5, detached = false }: PathSnapshotOptions,
): void {
  const userProperties: Record<string, string> =
    driver.driver === 'tns.csi.io'
      ? {
          'tns-csi:managed_by': 'tns-csi',
          'tns-csi:snapshot_id': handle,
          'tns-csi:source_volume_id': dataset,
        }
      : {};
  if (!detached) {
    addZfsSnapshot(driver.nas, id, { days, userProperties });
    return;
  }
  const size = isBlock(driver.protocol) ? { volsize: 20 * GIB } : {};
  addDataset(driver.nas, id, { days, used: GIB, userProperties, ...size });
}

const CONTROLLER = { manager: 'snapshot-controller', keys: ['metadata', 'spec', 'status'] };
const API_VERSION = 'snapshot.storage.k8s.io/v1';

function addContent(
  { driver, namespace, dataset }: PathVolume,
  { contentName, handle }: PathSnapshot,
  uid: string,
  { name, days = 30.5 }: PathSnapshotOptions,
): void {
  addObject(driver.cluster, {
    resource: 'volumesnapshotcontents',
    apiVersion: API_VERSION,
    kind: 'VolumeSnapshotContent',
    name: contentName,
    uid: uuidOf(`content ${guidOf(handle)}`),
    days,
    body: {
      spec: {
        deletionPolicy: 'Delete',
        driver: driver.driver,
        source: { volumeHandle: dataset },
        volumeSnapshotClassName: driver.storageClass,
        volumeSnapshotRef: {
          apiVersion: API_VERSION,
          kind: 'VolumeSnapshot',
          name,
          namespace,
          uid,
        },
      },
      status: { readyToUse: true, restoreSize: GIB, snapshotHandle: handle },
    },
    writers: [CONTROLLER],
  });
}

function addVolumeSnapshot(
  { driver, namespace, claimName }: PathVolume,
  { contentName }: PathSnapshot,
  uid: string,
  { name, days = 30.5 }: PathSnapshotOptions,
): void {
  addObject(driver.cluster, {
    resource: 'volumesnapshots',
    apiVersion: API_VERSION,
    kind: 'VolumeSnapshot',
    name,
    namespace,
    uid,
    days,
    body: {
      spec: {
        source: { persistentVolumeClaimName: claimName },
        volumeSnapshotClassName: driver.storageClass,
      },
      status: {
        boundVolumeSnapshotContentName: contentName,
        creationTime: ago(driver.cluster.stage, days),
        readyToUse: true,
      },
    },
    writers: [CONTROLLER],
  });
}
