import { also, certain, defineScenario, likely } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { addFailedDelete } from '../build/events.ts';
import { addNfsShare } from '../build/exports.ts';
import { isRecord } from '../build/record.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { GIB, objectsOf } from '../build/stage.ts';
import { valueAt } from '../build/use.ts';
import { type Volume } from '../build/volume.ts';
import { type Scenario } from '../world.ts';

const CONTEXT = 'democratic-csi:csi_share_volume_context';

/** Changes one value of what the driver noted down, as text or as a number. */
function rewriteContext(volume: Volume, key: string, value: string | number): void {
  const { record } = volume;
  const context: unknown = JSON.parse(record?.userProperties[CONTEXT] ?? '{}');
  if (record === undefined || !isRecord(context)) throw new Error('only volumes with a context');
  record.userProperties[CONTEXT] = JSON.stringify({ ...context, [key]: value });
}

/** Both sides know a thing, and do not agree about it. What tells no age is not certain at first sight. */
export const DRIFT_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'context-of-another-type',
    description: 'the driver noted a number where the PersistentVolume has the same as text',
    row: 37,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      for (const volume of addSound(site.iscsi, 3)) rewriteContext(volume, 'lun', 0);
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'context-changed',
    description: 'PersistentVolumes were made anew for another address, the properties were not',
    row: 37,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const files = addOne(site.nfs, 'apps/files');
      rewriteContext(files, 'server', '10.10.0.4');
      const disk = addOne(site.iscsi, 'apps/disk');
      rewriteContext(disk, 'portal', '10.10.0.4:3260');
      return finish(site, [
        certain('context-mismatch', files.name),
        certain('context-mismatch', disk.name),
      ]);
    },
  }),
  defineScenario({
    name: 'no-csi-drivers',
    description: 'the drivers were uninstalled, and their classes and volumes are still there',
    row: 43,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      objectsOf(site.cluster.cluster, 'csidrivers').length = 0;
      const classes = ['nas-nfs', 'nas-iscsi'];
      return finish(
        site,
        classes.flatMap((name) => [
          likely('class-without-driver', name),
          likely('class-without-driver', `${name}-snapshots`),
          likely('class-without-driver', `${name}-detached`),
        ]),
      );
    },
  }),
  defineScenario({
    name: 'forbidden-csi-drivers',
    description: 'CSIDrivers may not be listed: every class would look as if its driver were gone',
    row: 43,
    exitCode: 3,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      objectsOf(site.cluster.cluster, 'csidrivers').length = 0;
      site.cluster.cluster.forbidden = ['csidrivers'];
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'uninstalled-driver',
    description: 'one release was uninstalled and left its classes behind',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addDeployment(site.cluster, site.nas, {
        protocol: 'smb',
        uninstalled: true,
      });
      return finish(site, [
        likely('class-without-driver', 'nas-smb'),
        likely('class-without-driver', 'nas-smb-snapshots'),
        likely('class-without-driver', 'nas-smb-detached'),
      ]);
    },
  }),
  defineScenario({
    name: 'sizes-that-differ',
    description: 'a quota and a disk smaller than the volumes they were promised to',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      const files = addOne(site.nfs, 'apps/files', { size: 40 * GIB });
      if (files.record !== undefined) files.record.refquota = 20 * GIB;
      const disk = addOne(site.iscsi, 'apps/disk', { size: 40 * GIB });
      if (disk.record !== undefined) disk.record.volsize = 20 * GIB;
      return finish(site, [
        likely('capacity-mismatch', files.name),
        likely('capacity-mismatch', disk.name),
      ]);
    },
  }),
  defineScenario({
    name: 'expansion-under-way',
    description:
      'claims that ask for more than there is yet, and disks larger than what is mounted',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const asked = addOne(site.iscsi, 'apps/asked');
      const grown = addOne(site.iscsi, 'apps/grown');
      if (asked.record !== undefined) asked.record.volsize = 30 * GIB;
      if (grown.record !== undefined) grown.record.volsize = 30 * GIB;
      for (const claim of objectsOf(site.cluster.cluster, 'persistentvolumeclaims')) {
        const { uid } = claim.metadata;
        if (uid !== asked.claimUid && uid !== grown.claimUid) continue;
        const resources = valueAt(claim, 'spec', 'resources');
        const status = valueAt(claim, 'status');
        if (isRecord(resources)) resources['requests'] = { storage: '30Gi' };
        const type = uid === asked.claimUid ? 'Resizing' : 'FileSystemResizePending';
        if (isRecord(status)) status['conditions'] = [{ type, status: 'True' }];
      }
      const spec = valueAt(grown.pv, 'spec');
      if (isRecord(spec)) spec['capacity'] = { storage: '30Gi' };
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'disabled-exports',
    description: 'exports of bound volumes that somebody disabled',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      const files = addOne(site.nfs, 'apps/files');
      const disk = addOne(site.iscsi, 'apps/disk');
      for (const share of site.nas.system.nfsShares) {
        if (share.path === `/mnt/${files.dataset}`) share.enabled = false;
      }
      for (const extent of site.nas.system.iscsiExtents) {
        if (extent.name === disk.assets) extent.enabled = false;
      }
      return finish(site, [
        certain('share-disabled', `/mnt/${files.dataset}`),
        certain('share-disabled', disk.assets),
      ]);
    },
  }),
  defineScenario({
    name: 'exported-twice',
    description: 'a volume that is shared twice, once by its driver and once by hand',
    row: null,
    build(version) {
      const site = newSite(version);
      const [files] = addSound(site.nfs, 3);
      if (files === undefined) return finish(site, []);
      addNfsShare(site.nas, `/mnt/${files.dataset}`, { comment: 'by hand' });
      return finish(site, [certain('export-duplicate', files.dataset)]);
    },
  }),
  defineScenario({
    name: 'failing-delete',
    description: 'a delete that the NAS refuses, with nothing else amiss',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      const volume = addOne(site.nfs, 'apps/busy', { gone: ['claim'], releasedDays: 6.2 });
      addFailedDelete(volume, 'dataset is busy');
      return finish(site, [
        certain('pv-released', volume.name),
        also(certain('delete-blocked', volume.name), { says: 'busy' }),
      ]);
    },
  }),
  defineScenario({
    name: 'lonely-volumes',
    description: 'a volume of a driver that is offered to nobody',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      const volume = addOne(site.nfs, 'apps/available', {
        gone: ['claim'],
        policy: 'Retain',
        releasedDays: 30.5,
      });
      const { pv } = volume;
      const spec = valueAt(pv, 'spec');
      const status = valueAt(pv, 'status');
      if (isRecord(spec)) delete spec['claimRef'];
      if (isRecord(status)) status['phase'] = 'Available';
      return finish(site, [certain('pv-available', volume.name)]);
    },
  }),
];
