import { certain, defineScenario, likely, type Built } from './build/define.ts';
import { addDeployment, type Deployment } from './build/deployment.ts';
import { addSnapshot, addZfsSnapshot } from './build/snapshot.ts';
import { addCluster } from './build/cluster.ts';
import { addNas, GIB, HOUR, newStage, TIB } from './build/stage.ts';
import { addVolume, type Volume } from './build/volume.ts';
import { type VolumeOptions } from './build/volume-options.ts';
import { addPendingClaim } from './build/claim.ts';
import { unclaimed } from './build/expect.ts';
import { addTarget } from './build/exports.ts';
import { addFailedDelete } from './build/events.ts';
import { finish } from './build/site.ts';
import { addSessions, addUsers } from './demo-workloads.ts';
import {
  addNeighbours,
  addOtherUsers,
  addSnapshotTask,
  addSnapshotTraps,
  addYoungOnes,
} from './demo-traps.ts';
import { type ExpectedFinding, type TrueNasVersion } from './world.ts';

/** Claim, size and used in GiB, age in days. */
type Row = readonly [claim: string, size: number, used: number, days: number];

const NFS_VOLUMES: readonly Row[] = [
  ['media/jellyfin-config', 20, 6.4, 533.1],
  ['media/jellyfin-media', 4096, 2710, 533.1],
  ['media/sonarr-config', 5, 1.3, 529.8],
  ['media/radarr-config', 5, 1.6, 529.8],
  ['media/downloads', 1024, 388, 529.7],
  ['gitlab/gitlab-uploads', 100, 37, 298.4],
  ['gitlab/gitlab-lfs', 250, 142, 298.4],
  ['gitlab/gitlab-artifacts', 200, 118, 298.4],
  ['gitlab/registry-storage', 500, 274, 297.2],
  ['nextcloud/nextcloud-data', 1024, 633, 456.9],
  ['monitoring/grafana-data', 10, 0.9, 402.5],
  ['home/home-assistant-config', 10, 3.2, 371.6],
  ['home/zigbee2mqtt-data', 2, 0.1, 371.2],
  ['paperless/paperless-media', 100, 44, 340.3],
  ['paperless/paperless-consume', 20, 0.2, 340.3],
  ['backup/velero-store', 2048, 910, 611.5],
  ['media/bazarr-config', 5, 0.7, 529.8],
  ['home/node-red-data', 2, 0.2, 214.6],
];

const ISCSI_VOLUMES: readonly Row[] = [
  ['databases/data-postgres-0', 100, 41, 310.2],
  ['databases/data-postgres-1', 100, 41, 310.2],
  ['databases/data-mariadb-0', 50, 17, 288.6],
  ['databases/data-redis-0', 8, 1.1, 288.5],
  ['databases/data-mongodb-0', 50, 22, 194.9],
  ['gitlab/data-gitlab-postgresql-0', 40, 13, 298.4],
  ['gitlab/repo-data-gitlab-gitaly-0', 200, 96, 298.4],
  ['gitlab/redis-data-gitlab-redis-0', 8, 0.7, 298.4],
  ['monitoring/prometheus-db-prometheus-0', 200, 131, 402.4],
  ['monitoring/storage-loki-0', 150, 88, 233.3],
  ['monitoring/alertmanager-db-alertmanager-0', 2, 0.1, 402.4],
  ['nextcloud/data-nextcloud-mariadb-0', 20, 6.6, 456.9],
  ['search/data-opensearch-0', 120, 72, 121.7],
  ['search/data-opensearch-1', 120, 70, 121.7],
  ['messaging/data-rabbitmq-0', 10, 0.6, 87.5],
  ['home/data-influxdb-0', 30, 12, 371.3],
];

function addRow(deployment: Deployment, row: Row, options: Partial<VolumeOptions> = {}): Volume {
  const [claim, size, used, days] = row;
  const bytes = { size: Math.round(size * GIB), used: Math.round(used * GIB) };
  return addVolume(deployment, { claim, ...bytes, days, ...options });
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

function addSchedules(volumes: readonly Volume[], ages: readonly number[]): void {
  for (const volume of volumes) {
    for (const days of ages) {
      addSnapshot(volume, {
        name: `${volume.claimName}-${String(Math.floor(days))}d`,
        days,
        used: Math.round(volume.used / 200),
      });
    }
  }
}

function buildDemo(version: TrueNasVersion): Built {
  const stage = newStage();
  const nas = addNas(stage, version, { pools: ['tank', 'flash'], poolSize: 24 * TIB });
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
  addSnapshotTask(nas, nfs.parent);
  return finish({ stage }, expected);
}

export const demo = defineScenario({
  name: 'demo',
  description:
    'a small fleet on two pools with much that is forgotten or broken, and more that only looks so',
  row: null,
  build: buildDemo,
});
