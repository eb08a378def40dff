import { type Deployment } from './build/deployment.ts';
import { addIscsiDisk, addNfsShare, addSmbShare } from './build/exports.ts';
import {
  addPeriodicSnapshots,
  addSnapshot,
  addZfsSnapshot,
  type Snapshot,
} from './build/snapshot.ts';
import { addDataset, GIB, HOUR, TIB, type Nas } from './build/stage.ts';
import { addVolume, type Volume } from './build/volume.ts';
import { addPendingClaim } from './build/claim.ts';
import { addPod } from './build/pods.ts';
import { addStaticVolume } from './build/static-volume.ts';

/*
 * What looks orphaned in the demo and is not. Every one of these has misled a tool of this kind.
 */

/** Volumes without a PersistentVolume of their driver that are used all the same. */
export function addOtherUsers(nfs: Deployment): void {
  // Its PersistentVolume was deleted on purpose: one written by hand mounts the same dataset.
  const adopted = addVolume(nfs, {
    claim: 'media/photos-old',
    size: 2 * TIB,
    used: 1_320 * GIB,
    days: 612.4,
    gone: ['pv', 'claim'],
  });
  addStaticVolume(nfs.cluster, {
    name: 'photos-archive',
    claim: 'media/photos-archive',
    size: 2 * TIB,
    days: 401.2,
    source: { nfs: { server: nfs.host, path: `/mnt/${adopted.dataset}` } },
  });
  const mounted = addVolume(nfs, {
    claim: 'backup/restic-old',
    size: 500 * GIB,
    used: 211 * GIB,
    days: 388.7,
    gone: ['pv', 'claim'],
  });
  addPod(nfs.cluster, {
    pod: 'backup/restic-rest-server-0',
    days: 16.3,
    volumes: [{ name: 'repo', nfs: { server: nfs.host, path: `/mnt/${mounted.dataset}` } }],
  });
}

/** Snapshots and clones that hang together. Gives the one that a backup tool keeps. */
export function addSnapshotTraps(nfs: Deployment, source: Volume, database: Volume): Snapshot {
  const before = addSnapshot(source, {
    name: 'config-before-upgrade',
    days: 9.2,
    used: 31_000_000,
  });
  addVolume(nfs, {
    claim: 'media/jellyfin-config-test',
    size: source.size,
    // A clone takes no more than what was changed since.
    used: Math.round(source.used / 160),
    days: 8.9,
    source: { type: 'snapshot', id: before.handle, origin: before.id },
  });
  // A claim cloned from a claim hangs on a snapshot that no VolumeSnapshot stands for.
  const clone = addVolume(database.deployment, {
    claim: 'databases/data-postgres-staging-0',
    size: database.size,
    used: Math.round(database.used / 20),
    days: 21.6,
    source: { type: 'volume', id: database.handle, origin: '' },
  });
  const origin = `${database.dataset}@volume-source-for-volume-${clone.handle}`;
  addZfsSnapshot(database.deployment.nas, origin, { days: 21.6, referenced: database.used });
  if (clone.record !== undefined) clone.record.origin = origin;
  addSnapshot(database, { name: 'postgres-monthly', days: 30.4, detached: true, policy: 'Retain' });
  // Kept by a backup tool after its VolumeSnapshot was removed: the content is the claim.
  const kept = addSnapshot(database, {
    name: 'velero-data-postgres-0-x7k2p',
    days: 4.1,
    used: 96_000_000,
    policy: 'Retain',
    gone: ['snapshot'],
    contentLabels: { 'velero.io/backup-name': 'nightly-20261118' },
  });
  addSnapshot(database, { name: 'postgres-now', days: HOUR / 30, unreported: true });
  return kept;
}

/** Volumes and claims in the making. */
export function addYoungOnes(nfs: Deployment, iscsi: Deployment, waiting: Deployment): void {
  addVolume(nfs, {
    claim: 'gitlab/runner-cache-tmp',
    size: 20 * GIB,
    used: GIB,
    days: 3 * HOUR,
    gone: ['pv', 'claim'],
  });
  addVolume(iscsi, {
    claim: 'gitlab/data-sidekiq-0',
    size: 10 * GIB,
    used: 56 * 1024,
    days: HOUR / 12,
    stopsAt: 'extent',
  });
  addPendingClaim(waiting, { claim: 'sandbox/scratch', size: 5 * GIB, days: 12.7 });
}

/** What else lives on the same NAS. Gives the dataset that somebody made among the volumes. */
export function addNeighbours(nas: Nas, nfsParent: string, iscsi: readonly Volume[]): string {
  addDataset(nas, 'tank/office', { days: 860, used: 640 * GIB, compressRatio: 1.32 });
  addDataset(nas, 'tank/cameras', { days: 420, used: 5_860 * GIB });
  // The old file server was copied over in one night.
  addDataset(nas, 'tank/fileserver', { days: 40.4, used: 3 * TIB, compressRatio: 1.18 });
  addDataset(nas, 'tank/office/scans', { days: 720, used: 18 * GIB });
  addSmbShare(nas, 'office', '/mnt/tank/office');
  addNfsShare(nas, '/mnt/tank/office/scans', { comment: 'scanner in the hall' });
  addNfsShare(nas, '/mnt/tank/office/scans/2024', { comment: 'a directory, not a dataset' });
  addDataset(nas, 'tank/vm/windows-11', { days: 510, used: 71 * GIB, volsize: 120 * GIB });
  addIscsiDisk(nas, 'windows-11', 'zvol/tank/vm/windows-11', { comment: 'VM disk' });
  addDataset(nas, 'tank/vault', { days: 480, used: 2 * GIB, locked: true });
  addDataset(nas, 'tank/vault/keys', { days: 480, used: GIB, volsize: 4 * GIB, locked: true });
  addIscsiDisk(nas, 'vault-keys', 'zvol/tank/vault/keys', { comment: 'locked until needed' });
  addIscsiDisk(nas, 'installer', '/mnt/tank/office/installer.img', { type: 'FILE' });
  // Made by hand beside the driver's volumes, and named like one of them.
  const byHand = `${nfsParent}/pvc-scratch`;
  addDataset(nas, byHand, { days: 150, used: 3 * GIB });
  addReplica(nas, iscsi);
  return byHand;
}

/** A copy of the iSCSI volumes on the other pool: it carries every property of the originals. */
function addReplica(nas: Nas, volumes: readonly Volume[]): void {
  const target = 'tank/replica/flash';
  addDataset(nas, target, { days: 330 });
  for (const { dataset, record, size } of volumes) {
    if (record === undefined) continue;
    addDataset(nas, `${target}/${dataset.slice(dataset.lastIndexOf('/') + 1)}`, {
      days: 329,
      used: record.usedbydataset,
      volsize: size,
      userProperties: { ...record.userProperties },
    });
  }
  const parent = volumes[0]?.deployment.parent;
  if (parent === undefined) return;
  nas.system.replicationTasks.push({
    id: (nas.ids.task += 1),
    name: 'flash to tank',
    sources: [parent],
    target,
    recursive: true,
    enabled: true,
  });
}

/** A recursive task over the parent: every volume has snapshots that only inherit its properties. */
export function addSnapshotTask(nas: Nas, parent: string): void {
  nas.system.snapshotTasks.push({
    id: (nas.ids.task += 1),
    dataset: parent,
    recursive: true,
    enabled: true,
    lifetimeValue: 3,
    lifetimeUnit: 'DAY',
    namingSchema: 'auto-%Y-%m-%d_%H-%M',
  });
  for (const { id, createdAt } of [...nas.system.datasets]) {
    if (id !== parent && !id.startsWith(`${parent}/`)) continue;
    const age = (nas.stage.now - Date.parse(createdAt)) / 86_400_000;
    addPeriodicSnapshots(
      nas,
      id,
      [0, 1, 2].filter((days) => days + 1 < age),
    );
  }
}
