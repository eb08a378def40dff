import { certain, defineScenario, likely } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { unclaimed } from '../build/expect.ts';
import { addNfsShare } from '../build/exports.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addDataset, GIB, type Nas } from '../build/stage.ts';
import { isRecord } from '../build/record.ts';
import { valueAt } from '../build/use.ts';
import { type Volume } from '../build/volume.ts';
import { type Scenario } from '../world.ts';

/** Longest name of a target or extent that SCALE accepts. */
const ISCSI_NAME_LIMIT = 64;

function renameExport(nas: Nas, volume: Volume, target: string, extent: string): void {
  for (const each of nas.system.iscsiTargets) if (each.name === volume.assets) each.name = target;
  for (const each of nas.system.iscsiExtents) if (each.name === volume.assets) each.name = extent;
}

/** Writes down an id that is not the volume's own any more. */
function record(volume: Volume, property: string, value: number): void {
  if (volume.record !== undefined) {
    volume.record.userProperties[`democratic-csi:${property}`] = String(value);
  }
}

/** By which name the two sides know one thing. */
export const NAME_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'moved-parent',
    description:
      'the parent was moved to another place on the NAS, the configuration of the driver was not',
    row: 19,
    build(version) {
      const site = newSite(version, { pools: ['tank', 'flash'] });
      addSound(site.nfs, 3);
      addSound(site.iscsi, 3);
      const files = addOne(site.nfs, 'apps/moved-files', { actualParent: 'flash/k8s-new/nfs' });
      const disk = addOne(site.iscsi, 'apps/moved-disk', { actualParent: 'flash/k8s-new/iscsi' });
      return finish(site, [
        // What it mounts is the old path still, so that only the name of the volume says where its data is.
        likely('volume-outside-parent', files.name),
        certain('volume-outside-parent', disk.name),
      ]);
    },
  }),
  defineScenario({
    name: 'hashed-handles',
    description:
      'volume ids are hashes or come from a template, so no dataset is named like its volume',
    row: 20,
    build(version) {
      const site = newSite(version);
      addOne(site.nfs, 'apps/crc8', { handle: '128' });
      addOne(site.nfs, 'apps/crc16', { handle: '8479' });
      addOne(site.iscsi, 'apps/crc32', { handle: '3277392580' });
      addOne(site.iscsi, 'apps/md5', { handle: '38e50863dec120c323d381dd779f93fb' });
      addOne(site.nfs, 'apps/template', { handle: 'apps-template' });
      const forgotten = addOne(site.nfs, 'apps/forgotten', {
        handle: '20803',
        gone: ['pv', 'claim'],
      });
      return finish(site, unclaimed(forgotten));
    },
  }),
  defineScenario({
    name: 'lookalike-names',
    description:
      'datasets whose names are like those of volumes: by hand, in another parent, as a prefix',
    row: 21,
    build(version) {
      const site = newSite(version);
      addSound(site.iscsi, 5);
      const [first] = addSound(site.nfs, 2);
      // Made by hand: named like a volume, with nothing of the driver on it.
      const byHand = [
        `${site.nfs.parent}/pvc-0a7c55d4-1e0b-4f53-8f1e-53e2b2a7d901`,
        `${first?.dataset ?? ''}0`,
      ];
      for (const id of byHand) addDataset(site.nas, id, { days: 200.5, used: GIB });
      // The templates of both drivers give one id to two volumes, and one of them is forgotten.
      addOne(site.nfs, 'apps/library', { handle: 'apps-library' });
      const twin = addOne(site.iscsi, 'apps/library', {
        handle: 'apps-library',
        gone: ['pv', 'claim'],
        days: 70.5,
      });
      const prefix = addOne(site.iscsi, 'apps/lib', {
        handle: 'apps-lib',
        gone: ['pv', 'claim'],
      });
      return finish(site, [
        ...unclaimed(twin),
        ...unclaimed(prefix),
        ...byHand.map((id) => certain('dataset-unmanaged', id)),
      ]);
    },
  }),
  defineScenario({
    name: 'reused-ids',
    description: 'recorded share and target ids belong to something else by now',
    row: 23,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const [foreign] = addSound(site.iscsi, 2);
      addDataset(site.nas, 'tank/office', { days: 600.5, used: 90 * GIB });
      const office = addNfsShare(site.nas, '/mnt/tank/office', { comment: 'office' });
      // Shared again after a restore, under an id nobody wrote down.
      const again = addOne(site.nfs, 'apps/shared-again');
      record(again, 'freenas_nfs_share_id', office);
      const disk = addOne(site.iscsi, 'apps/exported-again');
      const id = Number(
        foreign?.record?.userProperties['democratic-csi:freenas_iscsi_target_id'] ?? 0,
      );
      record(disk, 'freenas_iscsi_target_id', id);
      record(disk, 'freenas_iscsi_extent_id', id);
      // Truly not shared, though the id it remembers exists.
      const unshared = addOne(site.nfs, 'apps/not-shared', { gone: ['share'] });
      record(unshared, 'freenas_nfs_share_id', office);
      const unexported = addOne(site.iscsi, 'apps/not-exported', { gone: ['share'] });
      record(unexported, 'freenas_iscsi_target_id', id);
      record(unexported, 'freenas_iscsi_extent_id', id);
      return finish(site, [
        certain('share-missing', unshared.name),
        certain('share-missing', unexported.name),
        ...[again, disk, unshared, unexported].map(({ dataset }) =>
          certain('recorded-id-reused', dataset),
        ),
      ]);
    },
  }),
  defineScenario({
    name: 'cut-iscsi-names',
    description: 'names of targets and extents that are cut, or written in another case',
    row: 30,
    build(version) {
      const site = newSite(version);
      const long = addDeployment(site.cluster, site.nas, {
        protocol: 'iscsi',
        driver: 'org.democratic-csi.iscsi-long',
        parent: 'tank/k8s/databases-of-all-departments/vols',
        storageClass: 'nas-iscsi-long',
        assetSuffix: '-databases',
      });
      for (const number of [1, 2]) {
        const volume = addOne(long, `apps/long-name-${number}`);
        // Some drivers call an extent after its path, and cut that in the middle of the uid.
        renameExport(site.nas, volume, volume.assets, volume.dataset.slice(0, ISCSI_NAME_LIMIT));
      }
      const upper = addOne(site.iscsi, 'apps/upper-case', { assets: 'CSI-Apps-Upper-Case-PROD' });
      renameExport(site.nas, upper, upper.assets.toLowerCase(), upper.assets.toUpperCase());
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'adopted-under-another-name',
    description: 'PersistentVolumes made anew by hand: the handle is the old one, the name is not',
    row: 21,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      for (const volume of [addOne(site.nfs, 'apps/files'), addOne(site.iscsi, 'apps/disk')]) {
        const { objects } = site.cluster.cluster;
        for (const pv of objects['persistentvolumes'] ?? []) {
          if (pv.metadata.name === volume.name) pv.metadata.name = `${volume.claimName}-adopted`;
        }
        for (const claim of objects['persistentvolumeclaims'] ?? []) {
          const spec = valueAt(claim, 'spec');
          if (claim.metadata.uid === volume.claimUid && isRecord(spec)) {
            spec['volumeName'] = `${volume.claimName}-adopted`;
          }
        }
      }
      return finish(site, []);
    },
  }),
];
