import { certain, defineScenario, likely, type Built } from './build/define.ts';
import { addDeployment, type Deployment } from './build/deployment.ts';
import { addSnapshot, addZfsSnapshot } from './build/snapshot.ts';
import { addCluster } from './build/cluster.ts';
import {
  addDataset,
  addNas,
  CLEANUP_ROLES,
  GIB,
  HOUR,
  newStage,
  TIB,
  type Cluster,
  type Nas,
  type PoolOptions,
} from './build/stage.ts';
import { addVolume, type Volume } from './build/volume.ts';
import { type VolumeOptions } from './build/volume-options.ts';
import { addPendingClaim } from './build/claim.ts';
import { unclaimed } from './build/expect.ts';
import { addTarget } from './build/exports.ts';
import { addFailedDelete } from './build/events.ts';
import { finish } from './build/site.ts';
import {
  ARCHIVE_VOLUMES,
  ISCSI_VOLUMES,
  NFS_VOLUMES,
  ROOMY_VOLUMES,
  type Row,
} from './demo-volumes.ts';
import { addSessions, addUsers } from './demo-workloads.ts';
import {
  addNeighbours,
  addOtherUsers,
  addSnapshotTask,
  addSnapshotTraps,
  addYoungOnes,
} from './demo-traps.ts';
import { type ExpectedFinding, type TrueNasVersion } from './world.ts';

function addRow(deployment: Deployment, row: Row, options: Partial<VolumeOptions> = {}): Volume {
  const [claim, size, used, days, compressRatio = 1.5] = row;
  const bytes = { size: Math.round(size * GIB), used: Math.round(used * GIB) };
  return addVolume(deployment, { claim, ...bytes, days, compressRatio, ...options });
}

/** Volumes whose pods run. */
function addServed(deployment: Deployment, rows: readonly Row[]): Volume[] {
  const volumes = rows.map((row) => addRow(deployment, row));
  addUsers(volumes);
  return volumes;
}

type Found = (rule: string, name: string, confidence?: typeof certain) => void;

/** What went wrong with file systems. */
function addNfsFaults(nfs: Deployment, files: readonly Volume[], found: Found): void {
  const destroyed = addRow(nfs, ['wiki/bookstack-uploads', 20, 4, 205.6], {
    gone: ['dataset', 'share'],
  });
  found('pv-backend-missing', destroyed.name);
  const forgotten = addRow(nfs, ['photos/photoprism-originals', 500, 312, 244.8], {
    gone: ['pv', 'claim'],
  });
  for (const each of unclaimed(forgotten)) found(each.rule, each.name);
  const half = addRow(nfs, ['sandbox/minio-test', 50, 0.001, 66.2], {
    stopsAt: 'share',
    gone: ['claim'],
  });
  found('dataset-half-provisioned', half.dataset);
  const share = addRow(nfs, ['wiki/dokuwiki-data', 10, 1, 180.1], {
    gone: ['pv', 'claim', 'dataset'],
  });
  found('nfs-share-dangling', `/mnt/${share.dataset}`);
  const unshared = addRow(nfs, ['monitoring/grafana-plugins', 2, 0.2, 92.4], { gone: ['share'] });
  found('share-missing', unshared.name);
  const [, , , , , , , , , nextcloud] = files;
  if (nextcloud !== undefined) {
    const left = addSnapshot(nextcloud, {
      name: 'nextcloud-before-30',
      days: 76.3,
      used: 5 * GIB,
      gone: ['snapshot', 'content'],
    });
    found('zfs-snapshot-unclaimed', left.id);
    // The claim that was cloned from it is long gone, and so is the clone.
    const temporary = `${nextcloud.dataset}@volume-source-for-volume-pvc-8d41f6b0-93c7-4e25-b1fa-60a7e3c9d258`;
    addZfsSnapshot(nfs.nas, temporary, {
      days: 63.2,
      used: 2 * GIB,
      referenced: nextcloud.used - 6 * GIB,
    });
    found('temp-snapshot-leftover', temporary);
  }
  // A driver that is refused tries for ever, and the volume stays Released.
  const busy = addRow(nfs, ['sandbox/build-cache', 100, 61, 133.9], {
    gone: ['claim'],
    releasedDays: 5.5,
  });
  addFailedDelete(
    busy,
    'rpc error: code = Internal desc = cannot destroy: dataset is busy (sandbox/build-cache)',
  );
  found('pv-released', busy.name);
  found('delete-blocked', busy.name);
  const unused = addRow(nfs, ['photos/lightroom-catalog', 50, 21, 151.4], { idle: true });
  // Kubernetes does not say since when: it is certain once this tool has seen it for long enough.
  found('pvc-unused', `${unused.namespace}/${unused.claimName}`, likely);
  const pending = 'gitlab/gitlab-backups';
  addPendingClaim(nfs, { claim: pending, size: 300 * GIB, days: 2.8 });
  found('pvc-pending', pending);
}

/** What went wrong with zvols and with snapshots. */
function addIscsiFaults(iscsi: Deployment, databases: readonly Volume[], found: Found): void {
  const kept = addRow(iscsi, ['databases/data-postgres-old-0', 100, 38, 604.3], {
    gone: ['claim'],
    policy: 'Retain',
    releasedDays: 47.2,
  });
  found('pv-released', kept.name);
  const lost = addRow(iscsi, ['search/data-opensearch-2', 120, 66, 121.7], {
    gone: ['pv', 'dataset', 'share'],
  });
  found('pvc-lost', `${lost.namespace}/${lost.claimName}`);
  const forgotten = addRow(iscsi, ['databases/data-clickhouse-0', 200, 84, 158.2], {
    gone: ['pv', 'claim'],
  });
  for (const each of unclaimed(forgotten)) found(each.rule, each.name);
  const extent = addRow(iscsi, ['sandbox/data-cassandra-0', 80, 30, 111.4], {
    gone: ['pv', 'claim', 'dataset'],
  });
  found('iscsi-extent-dangling', extent.assets);
  addTarget(iscsi.nas, 'csi-pvc-5c2e9d1a-7f04-4b83-9a6e-2d18c0b7f395-prod');
  found('iscsi-target-empty', 'csi-pvc-5c2e9d1a-7f04-4b83-9a6e-2d18c0b7f395-prod', likely);
  const [, , , , mongodb] = databases;
  if (mongodb === undefined) return;
  const hollow = addSnapshot(mongodb, { name: 'mongodb-weekly-32', days: 13.4, gone: ['backend'] });
  found('snapshot-content-backend-missing', hollow.contentName);
}

/** @param part of a volume that each of its snapshots holds alone */
function addSchedules(volumes: readonly Volume[], ages: readonly number[], part = 1 / 200): void {
  for (const volume of volumes) {
    for (const days of ages) {
      addSnapshot(volume, {
        name: `${volume.claimName}-${String(Math.floor(days))}d`,
        days,
        used: Math.round(volume.used * part),
      });
    }
  }
}

const ARCHIVE_DAYS = 4.95;

const POOLS: readonly PoolOptions[] = [
  // Eight disks of 4 TiB, two of them for parity.
  { name: 'tank', size: 32 * TIB, parity: 4 / 3 },
  { name: 'flash', size: Math.round(1.15 * TIB) },
  { name: 'archive', size: 8 * TIB, days: ARCHIVE_DAYS },
];

/** A pool that was made a few days ago, with a driver of its own. */
function addArchive(cluster: Cluster, nas: Nas): Deployment {
  const parent = 'archive/k8s/nfs/vols';
  for (const id of ['archive/k8s', 'archive/k8s/nfs', parent, 'archive/k8s/nfs/snaps']) {
    addDataset(nas, id, { days: ARCHIVE_DAYS });
  }
  return addDeployment(cluster, nas, {
    protocol: 'nfs',
    driver: 'org.democratic-csi.nfs-archive',
    parent,
    storageClass: 'nas-nfs-archive',
    instanceId: 'prod',
    days: ARCHIVE_DAYS,
  });
}

function buildDemo(version: TrueNasVersion): Built {
  const stage = newStage();
  const nas = addNas(stage, version, { pools: POOLS, roles: CLEANUP_ROLES });
  const cluster = addCluster(stage, { days: 652.3 });
  const nfs = addDeployment(cluster, nas, { protocol: 'nfs', instanceId: 'prod', days: 650.1 });
  const iscsi = addDeployment(cluster, nas, {
    protocol: 'iscsi',
    parent: 'flash/k8s/iscsi/vols',
    instanceId: 'prod',
    days: 650.1,
  });
  const local = addDeployment(cluster, nas, {
    protocol: 'iscsi',
    driver: 'org.democratic-csi.iscsi-lab',
    parent: 'tank/k8s/lab/vols',
    storageClass: 'nas-iscsi-lab',
    instanceId: 'prod',
    bindingMode: 'WaitForFirstConsumer',
    assetSuffix: '-lab',
    days: 130.5,
  });
  const expected: ExpectedFinding[] = [];
  const found: Found = (rule, name, confidence = certain) => {
    expected.push(confidence(rule, name));
  };
  const files = addServed(nfs, NFS_VOLUMES);
  const disks = addServed(iscsi, ISCSI_VOLUMES);
  addSessions(cluster, nas, disks);
  addSchedules(disks.slice(0, 3), [1 + HOUR, 8 + HOUR, 15 + HOUR]);
  addSchedules(files.slice(9, 10), [2.1, 9.1]);
  // Images are pushed and pruned all the time, and snapshots keep every one of them.
  addSchedules(files.slice(8, 9), [3.2, 10.2, 17.2, 24.2, 31.2, 38.2, 45.2], 1 / 12);
  addNfsFaults(nfs, files, found);
  addIscsiFaults(iscsi, disks, found);
  addOtherUsers(nfs);
  const [jellyfin] = files;
  const [postgres] = disks;
  if (jellyfin !== undefined && postgres !== undefined) {
    const kept = addSnapshotTraps(nfs, jellyfin, postgres);
    found('snapshot-content-unclaimed', kept.contentName, likely);
  }
  addYoungOnes(nfs, iscsi, local);
  found('dataset-unmanaged', addNeighbours(nas, nfs.parent, disks.slice(0, 6)));
  addServed(nfs, ROOMY_VOLUMES);
  addServed(addArchive(cluster, nas), ARCHIVE_VOLUMES);
  addSnapshotTask(nas, nfs.parent);
  return finish({ stage }, expected);
}

export const demo = defineScenario({
  name: 'demo',
  description:
    'a small fleet on three pools with much that is forgotten or broken, and more that only looks so',
  row: null,
  build: buildDemo,
});
