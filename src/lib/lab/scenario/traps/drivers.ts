import { defineScenario } from '../build/define.ts';
import { addNfsShare } from '../build/exports.ts';
import { addSound, finish, newSite, type Site } from '../build/site.ts';
import { addDataset, GIB } from '../build/stage.ts';
import { addStaticVolume } from '../build/static-volume.ts';
import { type Scenario } from '../world.ts';

/** A volume of a driver whose handles are whole paths; one of them marks its datasets, the other does not. */
function addForeignVolume(
  site: Site,
  driver: 'csi.truenas.io' | 'tns.csi.io',
  dataset: string,
): void {
  const marks = driver === 'tns.csi.io';
  const name = dataset.slice(dataset.lastIndexOf('/') + 1);
  const server = site.nfs.host;
  const share = `/mnt/${dataset}`;
  addDataset(site.nas, dataset, {
    days: 80.5,
    used: GIB,
    refquota: 20 * GIB,
    userProperties: marks
      ? {
          'tns-csi:managed_by': 'tns-csi',
          'tns-csi:schema_version': '1',
          'tns-csi:csi_volume_name': name,
          'tns-csi:protocol': 'nfs',
        }
      : {},
  });
  addNfsShare(site.nas, share, {
    comment: marks ? `CSI Volume: ${name}` : `CSI volume ${dataset}`,
  });
  addStaticVolume(site.cluster, {
    name,
    claim: `apps/${driver.replaceAll('.', '-')}`,
    size: 20 * GIB,
    days: 80.5,
    annotations: { 'pv.kubernetes.io/provisioned-by': driver },
    source: {
      csi: {
        driver,
        volumeHandle: dataset,
        volumeAttributes: marks
          ? { protocol: 'nfs', server, share, datasetID: dataset, datasetName: dataset }
          : { protocol: 'nfs', compression: 'LZ4', nfsServer: server, nfsPath: share },
      },
    },
  });
}

/** Drivers other than democratic-csi. */
export const DRIVER_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'three-drivers',
    description: 'three kinds of drivers make volumes on one pool, each in its own manner',
    row: 29,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      addForeignVolume(site, 'csi.truenas.io', 'tank/pvc-88bb0000-1111-4222-8333-444455556666');
      addForeignVolume(site, 'tns.csi.io', 'tank/csi/pvc-77aa0000-1111-4222-8333-444455556666');
      return finish(site, []);
    },
  }),
];
