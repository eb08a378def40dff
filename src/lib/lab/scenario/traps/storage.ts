import { defineScenario, likely } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import {
  addExtent,
  addIscsiDisk,
  addNfsShare,
  addSmbShare,
  addTarget,
  zvolPath,
} from '../build/exports.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addDataset, GIB } from '../build/stage.ts';
import { type LabPool, type Scenario, type TrueNasVersion } from '../world.ts';

/** Sound volumes on the pool `tank`, and what became of that pool. */
function siteWithPool(version: TrueNasVersion, change: (pool: LabPool, site: Site) => void): Site {
  const site = newSite(version, { pools: ['tank', 'flash'] });
  addSound(site.nfs, 3);
  addSound(site.iscsi, 3);
  const pool = site.nas.system.pools.find(({ name }) => name === 'tank');
  if (pool !== undefined) change(pool, site);
  return site;
}

/** ZFS lists nothing of a pool that it cannot open. */
function withdraw({ nas }: Site, pool: string): void {
  const stays = ({ id }: { id: string }): boolean => id !== pool && !id.startsWith(`${pool}/`);
  nas.system.datasets = nas.system.datasets.filter(stays);
  nas.system.snapshots = nas.system.snapshots.filter(stays);
}

function addReplica(site: Site, target: string): void {
  addDataset(site.nas, target, { days: 300.5 });
  for (const { id, userProperties, volsize } of [...site.nas.system.datasets]) {
    if (!/\/vols\/[^/]+$/.test(id)) continue;
    addDataset(site.nas, `${target}/${id.slice(id.lastIndexOf('/') + 1)}`, {
      days: 300.5,
      used: 5 * GIB,
      userProperties: { ...userProperties },
      ...(volsize === undefined ? {} : { volsize }),
    });
  }
}

const GONE = { gone: ['pv', 'claim', 'dataset'] } as const;

/** Pools that are away, datasets out of scope, and what else lives on a NAS. */
export const STORAGE_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'children-and-replicas',
    description:
      'children of volumes and replicas of a whole parent carry the properties of the originals',
    row: 13,
    build(version) {
      const site = newSite(version, { pools: ['tank', 'backup'] });
      for (const { dataset } of addSound(site.nfs, 2)) {
        addDataset(site.nas, `${dataset}/cache`, { days: 40.5, used: GIB });
      }
      addSound(site.iscsi, 2);
      addReplica(site, 'backup/replica');
      // Its original was deleted in good order: the replica is an archive, and no parent of ours.
      const archived = addOne(site.nfs, 'apps/archived', {
        gone: ['pv', 'claim', 'dataset', 'share'],
      });
      addDataset(site.nas, `backup/replica/${archived.handle}`, {
        days: 300.5,
        used: 5 * GIB,
        userProperties: {
          'democratic-csi:csi_volume_name': archived.name,
          'democratic-csi:managed_resource': 'true',
          'democratic-csi:provision_success': 'true',
        },
      });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'exported-pool',
    description:
      'the pool of every volume was exported: its shares and extents are still configured',
    row: 18,
    exitCode: 3,
    build(version) {
      const site = siteWithPool(version, (pool) => {
        pool.imported = false;
      });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'faulted-pool',
    description: 'the pool of every volume cannot be opened',
    row: 18,
    exitCode: 3,
    build(version) {
      const site = siteWithPool(version, (pool, each) => {
        pool.status = 'FAULTED';
        withdraw(each, 'tank');
      });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'degraded-pool',
    description: 'the pool of every volume has lost a disk, and a volume on it looks forgotten',
    row: 18,
    // Nothing on such a pool is judged, so the silence about it proves nothing.
    exitCode: 3,
    build(version) {
      const site = siteWithPool(version, (pool, { nfs }) => {
        pool.status = 'DEGRADED';
        addOne(nfs, 'apps/forgotten', { gone: ['pv', 'claim'] });
        addOne(nfs, 'apps/destroyed', { gone: ['dataset', 'share'] });
      });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'locked-pool',
    description: 'the pool of every volume is encrypted and was not unlocked after a restart',
    row: 18,
    exitCode: 3,
    build(version) {
      const site = siteWithPool(version, (_, { nas, nfs }) => {
        addOne(nfs, 'apps/forgotten', { gone: ['pv', 'claim'] });
        for (const dataset of nas.system.datasets) {
          if (dataset.id === 'tank' || dataset.id.startsWith('tank/')) dataset.locked = true;
        }
      });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'locked-and-file-extents',
    description:
      'an extent of a locked zvol, one of a file, and a target that only serves discovery',
    row: 31,
    build(version) {
      const site = newSite(version);
      addSound(site.iscsi, 3);
      addOne(site.iscsi, 'apps/locked', { locked: true });
      addDataset(site.nas, 'tank/vault', { days: 500.5, locked: true });
      addDataset(site.nas, 'tank/vault/disk', { days: 500.5, volsize: 8 * GIB, locked: true });
      addIscsiDisk(site.nas, 'vault-disk', 'zvol/tank/vault/disk');
      addDataset(site.nas, 'tank/images', { days: 400.5, used: 60 * GIB });
      addIscsiDisk(site.nas, 'image', '/mnt/tank/images/disk0.img', { type: 'FILE' });
      addTarget(site.nas, 'discovery');
      return finish(site, [likely('iscsi-target-empty', 'discovery')]);
    },
  }),
  defineScenario({
    name: 'hidden-datasets',
    description:
      'shares, extents and a whole parent of which the API lists no dataset, and names with spaces',
    row: 40,
    // Silence about a parent the API hides proves nothing.
    exitCode: 3,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      for (const path of ['tank/.system/samba4', 'tank/ix-apps/docker', 'tank/.ix-virt/disks']) {
        addDataset(site.nas, path, { days: 300.5, used: GIB });
        addNfsShare(site.nas, `/mnt/${path}`);
      }
      const disk = 'tank/ix-apps-disks/legacy';
      addDataset(site.nas, disk, { days: 300.5, used: GIB, volsize: 10 * GIB });
      addIscsiDisk(site.nas, 'legacy', zvolPath(disk));
      const hidden = addDeployment(site.cluster, site.nas, {
        protocol: 'nfs',
        driver: 'org.democratic-csi.nfs-apps',
        parent: 'tank/ix-apps-data/vols',
        storageClass: 'nas-nfs-apps',
      });
      addOne(hidden, 'apps/hidden');
      const spaced = addDeployment(site.cluster, site.nas, {
        protocol: 'iscsi',
        driver: 'org.democratic-csi.iscsi-spaced',
        parent: 'tank/for the shop/vols',
        storageClass: 'nas-iscsi-spaced',
      });
      addOne(spaced, 'apps/spaced');
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'unrelated-exports',
    description: 'shares, extents and targets on the NAS that have nothing to do with Kubernetes',
    row: 41,
    build(version) {
      const site = newSite(version, { pools: ['tank', 'flash'] });
      addSound(site.nfs, 3);
      const { nas } = site;
      addDataset(nas, 'tank/office', { days: 700.5, used: 300 * GIB });
      addSmbShare(nas, 'office', '/mnt/tank/office');
      addNfsShare(nas, '/mnt/tank/office', { comment: 'office' });
      // No list can tell a directory of a dataset from a dataset that is gone.
      addNfsShare(nas, '/mnt/tank/office/scans/2024', { comment: 'scanner' });
      addNfsShare(nas, '/mnt/flash/old', { comment: 'nobody remembers' });
      addDataset(nas, 'flash/vm/windows-11', { days: 500.5, volsize: 120 * GIB });
      addIscsiDisk(nas, 'windows-11', 'zvol/flash/vm/windows-11');
      addIscsiDisk(nas, 'windows-7', 'zvol/flash/vm/windows-7');
      addExtent(nas, 'spare', 'zvol/flash/vm/windows-11');
      // Worth knowing, at most: a zvol is gone, and none of our drivers had made it.
      return finish(site, [
        likely('iscsi-extent-dangling', 'windows-7'),
        likely('iscsi-extent-unmapped', 'spare'),
        likely('export-duplicate', 'flash/vm/windows-11'),
      ]);
    },
  }),
  defineScenario({
    name: 'dangling-exports',
    description: 'exports of volumes that are gone, beside their neighbours that are not',
    row: 41,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      const share = addOne(site.nfs, 'apps/gone-files', GONE);
      const extent = addOne(site.iscsi, 'apps/gone-disk', GONE);
      return finish(site, [
        { rule: 'nfs-share-dangling', name: `/mnt/${share.dataset}`, confidence: 'certain' },
        { rule: 'iscsi-extent-dangling', name: extent.assets, confidence: 'certain' },
      ]);
    },
  }),
];
