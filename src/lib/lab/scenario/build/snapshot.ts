import { type LabSnapshot } from '../world.ts';
import { guidOf, uuidOf } from './identity.ts';
import { addObject, quantityOf } from './objects.ts';
import { isBlock } from './protocol.ts';
import { snapshotClassName } from './release.ts';
import { addDataset, ago, secondsText, txgAt, type Nas } from './stage.ts';
import { type Volume } from './volume.ts';

/** What existed and has gone again. */
export type SnapshotGone = 'snapshot' | 'content' | 'backend';

export interface SnapshotOptions {
  /** Name of the VolumeSnapshot; its namespace is the claim's. */
  readonly name: string;
  readonly days: number;
  /** Bytes only this snapshot holds. */
  readonly used?: number;
  readonly gone?: readonly SnapshotGone[];
  /** An independent dataset instead of a ZFS snapshot. */
  readonly detached?: boolean;
  readonly policy?: 'Delete' | 'Retain';
  /** The content has no status yet: the snapshot was taken a moment ago. */
  readonly unreported?: boolean;
  readonly holds?: string[];
  readonly deferDestroy?: boolean;
  readonly contentLabels?: Record<string, string>;
}

/** Both sides of one snapshot. */
export interface Snapshot {
  readonly uid: string;
  readonly contentName: string;
  /** `<volume id>@snapshot-<uid>`, or with `/` where it is detached. */
  readonly handle: string;
  /** ZFS snapshot, or the detached dataset. */
  readonly id: string;
}

const PREFIX = 'democratic-csi:';

export function addSnapshot(volume: Volume, options: SnapshotOptions): Snapshot {
  const { deployment } = volume;
  const cluster = deployment.cluster.cluster.uid;
  const seed = `${cluster} snapshot ${volume.name} ${options.name}`;
  const uid = uuidOf(seed);
  const detached = options.detached ?? false;
  const zfsName = `snapshot-${uid}`;
  const names: Snapshot = {
    uid,
    contentName: `snapcontent-${uid}`,
    handle: `${volume.handle}${detached ? '/' : '@'}${zfsName}`,
    id: detached
      ? `${deployment.detachedParent}/${volume.handle}/${zfsName}`
      : `${volume.dataset}@${zfsName}`,
  };
  const gone = new Set(options.gone);
  if (!gone.has('backend')) addBackend(volume, names, zfsName, options);
  if (!gone.has('content')) addContentObject(volume, names, options);
  if (!gone.has('snapshot')) addSnapshotObject(volume, names, options);
  return names;
}

function addBackend(
  volume: Volume,
  names: Snapshot,
  zfsName: string,
  options: SnapshotOptions,
): void {
  const { nas, protocol } = volume.deployment;
  const userProperties = {
    [`${PREFIX}csi_snapshot_name`]: zfsName,
    [`${PREFIX}csi_snapshot_source_volume_id`]: volume.handle,
    [`${PREFIX}managed_resource`]: 'true',
    [`${PREFIX}provision_success`]: 'true',
  };
  if (options.detached ?? false) {
    const container = names.id.slice(0, names.id.lastIndexOf('/'));
    if (!nas.datasets.has(container)) addDataset(nas, container, { days: options.days });
    addDataset(nas, names.id, {
      days: options.days,
      used: volume.used,
      userProperties,
      ...(isBlock(protocol) ? { volsize: volume.size } : {}),
    });
    return;
  }
  addZfsSnapshot(nas, names.id, {
    days: options.days,
    used: options.used ?? 0,
    referenced: volume.used,
    userProperties,
    ...(options.holds === undefined ? {} : { holds: options.holds }),
    ...(options.deferDestroy === undefined ? {} : { deferDestroy: options.deferDestroy }),
  });
}

export interface ZfsSnapshotOptions {
  readonly days: number;
  readonly used?: number;
  readonly referenced?: number;
  readonly userProperties?: Record<string, string>;
  readonly holds?: string[];
  readonly deferDestroy?: boolean;
}

/** Adds a ZFS snapshot; its dataset's own share of what snapshots hold grows with it. */
export function addZfsSnapshot(nas: Nas, id: string, options: ZfsSnapshotOptions): LabSnapshot {
  const createdAt = ago(nas.stage, options.days);
  const used = options.used ?? 0;
  const snapshot: LabSnapshot = {
    id,
    createdAt,
    guid: guidOf(`${nas.system.name} ${id}`),
    createtxg: txgAt(createdAt),
    used,
    referenced: options.referenced ?? 0,
    userProperties: options.userProperties ?? {},
  };
  if (options.holds !== undefined) snapshot.holds = options.holds;
  if (options.deferDestroy !== undefined) snapshot.deferDestroy = options.deferDestroy;
  nas.system.snapshots.push(snapshot);
  const dataset = nas.datasets.get(id.slice(0, id.indexOf('@')));
  if (dataset !== undefined) dataset.usedbysnapshots += used;
  return snapshot;
}

/** What a periodic task leaves: no property of its own, every one of the dataset's inherited. */
export function addPeriodicSnapshots(nas: Nas, dataset: string, ages: readonly number[]): void {
  for (const days of ages) {
    const midnight = Math.floor(nas.stage.now / 86_400_000 - days) * 86_400_000;
    const day = secondsText(midnight).slice(0, 10);
    const referenced = nas.datasets.get(dataset)?.usedbydataset ?? 0;
    addZfsSnapshot(nas, `${dataset}@auto-${day}_00-00`, {
      days: (nas.stage.now - midnight) / 86_400_000,
      used: Math.floor(referenced / 512),
      referenced,
    });
  }
}

const SNAPSHOTTER = { manager: 'csi-snapshotter', subresource: 'status', keys: ['status'] };
const SNAPSHOT_CONTROLLER = { manager: 'snapshot-controller', keys: ['metadata', 'spec'] };
const SNAPSHOT_STATUS = { ...SNAPSHOT_CONTROLLER, subresource: 'status', keys: ['status'] };

function className(volume: Volume, options: SnapshotOptions): string {
  const { storageClass } = volume.deployment;
  return snapshotClassName(storageClass, options.detached ?? false);
}

/** What restoring it takes: for a file system what it refers to, for a zvol its whole size. */
function restoreSize(volume: Volume): number {
  return isBlock(volume.deployment.protocol) ? volume.size : volume.used;
}

function addContentObject(volume: Volume, names: Snapshot, options: SnapshotOptions): void {
  const { deployment, handle, namespace } = volume;
  const { stage } = deployment.cluster;
  const createdMillis = stage.now - options.days * 86_400_000;
  addObject(deployment.cluster, {
    resource: 'volumesnapshotcontents',
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotContent',
    name: names.contentName,
    days: options.days,
    labels: options.contentLabels,
    finalizers: ['snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection'],
    body: {
      spec: {
        deletionPolicy: options.policy ?? 'Delete',
        driver: deployment.driver,
        source: { volumeHandle: handle },
        sourceVolumeMode: 'Filesystem',
        volumeSnapshotClassName: className(volume, options),
        volumeSnapshotRef: {
          apiVersion: 'snapshot.storage.k8s.io/v1',
          kind: 'VolumeSnapshot',
          name: options.name,
          namespace,
          resourceVersion: String(deployment.cluster.versions.last),
          uid: names.uid,
        },
      },
      ...((options.unreported ?? false)
        ? {}
        : {
            status: {
              creationTime: Math.floor(createdMillis / 1000) * 1_000_000_000,
              readyToUse: true,
              restoreSize: restoreSize(volume),
              snapshotHandle: names.handle,
            },
          }),
    },
    writers: [SNAPSHOT_CONTROLLER, SNAPSHOTTER],
    shape: (options.unreported ?? false) ? 'new' : 'reported',
  });
}

function addSnapshotObject(volume: Volume, names: Snapshot, options: SnapshotOptions): void {
  const { deployment, namespace } = volume;
  const { stage } = deployment.cluster;
  const unreported = options.unreported ?? false;
  // The controller names the content as soon as it has made it.
  const hasContent = !(unreported && (options.gone ?? []).includes('content'));
  const bound = hasContent ? { boundVolumeSnapshotContentName: names.contentName } : {};
  addObject(deployment.cluster, {
    resource: 'volumesnapshots',
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    name: options.name,
    namespace,
    uid: names.uid,
    days: options.days,
    finalizers: [
      'snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection',
      'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection',
    ],
    body: {
      spec: {
        source: { persistentVolumeClaimName: volume.claimName },
        volumeSnapshotClassName: className(volume, options),
      },
      status: unreported
        ? { readyToUse: false, ...bound }
        : {
            ...bound,
            creationTime: ago(stage, options.days),
            readyToUse: true,
            restoreSize: quantityOf(restoreSize(volume)),
          },
    },
    writers: [{ manager: 'snapscheduler', keys: ['spec'] }, SNAPSHOT_STATUS],
    shape: unreported ? 'new' : 'reported',
  });
}
