import { also, certain, defineScenario } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { addFailedDelete } from '../build/events.ts';
import { uuidOf } from '../build/identity.ts';
import { isRecord } from '../build/record.ts';
import { addOne, addSound, finish, newSite, type Site } from '../build/site.ts';
import { addPeriodicSnapshots } from '../build/snapshot.ts';
import { addCluster } from '../build/cluster.ts';
import { GIB, objectsOf, type Cluster } from '../build/stage.ts';
import { type Volume } from '../build/volume.ts';
import { addPod } from '../build/pods.ts';
import { addStaticVolume } from '../build/static-volume.ts';
import { type ExpectedFinding, type Scenario } from '../world.ts';

/** A volume whose own PersistentVolume is gone. */
function addAdopted(site: Site, protocol: 'nfs' | 'iscsi', name: string): Volume {
  return addOne(site[protocol], `legacy/${name}`, { gone: ['pv', 'claim'] });
}

function mountStatically(site: Site, name: string, source: Record<string, unknown>): void {
  const claim = `apps/${name}`;
  addStaticVolume(site.cluster, { name, claim, size: 20 * GIB, days: 80.5, source });
}

/** Puts a volume and its claim into another cluster as a backup tool does: same names, new uids. */
function restoreInto(cluster: Cluster, volume: Volume): void {
  const source = volume.deployment.cluster.cluster;
  const claim = objectsOf(source, 'persistentvolumeclaims').find(
    ({ metadata }) => metadata.uid === volume.claimUid,
  );
  if (volume.pv === undefined || claim === undefined) throw new Error('only bound volumes');
  const uid = uuidOf(`${cluster.cluster.uid} ${volume.claimUid}`);
  const pv = structuredClone(volume.pv);
  pv.metadata.uid = uuidOf(`${cluster.cluster.uid} ${volume.name}`);
  const spec = pv['spec'];
  if (isRecord(spec) && isRecord(spec['claimRef'])) spec['claimRef']['uid'] = uid;
  const copy = structuredClone(claim);
  copy.metadata.uid = uid;
  objectsOf(cluster.cluster, 'persistentvolumes').push(pv);
  objectsOf(cluster.cluster, 'persistentvolumeclaims').push(copy);
}

/** A refused delete takes the share and the record of it, and leaves all else as it was. */
function forget(volume: Volume, ...properties: string[]): void {
  for (const property of properties) {
    Reflect.deleteProperty(volume.record?.userProperties ?? {}, `democratic-csi:${property}`);
  }
}

/** Who uses a dataset beside the PersistentVolume it was made for. */
export const USER_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'released-with-retain',
    description:
      'a claim was deleted and its volume kept: the volume is released, its dataset is not lost',
    row: 7,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      const options = { gone: ['claim'], policy: 'Retain', releasedDays: 30.5 } as const;
      const file = addOne(site.nfs, 'apps/old-data', options);
      const disk = addOne(site.iscsi, 'apps/old-disk', options);
      return finish(site, [certain('pv-released', file.name), certain('pv-released', disk.name)]);
    },
  }),
  defineScenario({
    name: 'static-volumes',
    description: 'volumes written by hand, and a pod, use datasets that a driver once made',
    row: 8,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const server = site.nfs.host;
      const nfs = addAdopted(site, 'nfs', 'in-tree');
      mountStatically(site, 'in-tree-nfs', { nfs: { server, path: `/mnt/${nfs.dataset}` } });
      const other = addAdopted(site, 'nfs', 'other-driver');
      const share = `/mnt/${other.dataset}`;
      mountStatically(site, 'csi-nfs', {
        csi: {
          driver: 'nfs.csi.k8s.io',
          volumeHandle: `${server}#share`,
          volumeAttributes: { server, share },
        },
      });
      const targetPortal = `${server}:3260`;
      const iqnOf = ({ assets }: Volume): string => `${site.nas.system.iscsiBasename}:${assets}`;
      const disk = addAdopted(site, 'iscsi', 'in-tree-disk');
      mountStatically(site, 'in-tree-iscsi', {
        iscsi: { targetPortal, iqn: iqnOf(disk), lun: 0, fsType: 'ext4' },
      });
      const manual = addAdopted(site, 'iscsi', 'manual-disk');
      mountStatically(site, 'node-manual', {
        csi: {
          driver: 'org.democratic-csi.node-manual',
          volumeHandle: 'manual-disk',
          volumeAttributes: {
            node_attach_driver: 'iscsi',
            portal: targetPortal,
            iqn: iqnOf(manual),
            lun: '0',
          },
        },
      });
      const inline = addAdopted(site, 'nfs', 'inline');
      addPod(site.cluster, {
        pod: 'apps/reader-0',
        days: 12.5,
        volumes: [{ name: 'data', nfs: { server, path: `/mnt/${inline.dataset}` } }],
      });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'one-handle-two-clusters',
    description: 'a backup was restored into a second cluster: both refer to the same datasets',
    row: 22,
    build(version) {
      const site = newSite(version);
      const second = addCluster(site.stage, { name: 'restored', days: 400 });
      const expected: ExpectedFinding[] = [];
      for (const deployment of [site.nfs, site.iscsi]) {
        const { protocol, parent } = deployment;
        addDeployment(second, site.nas, { protocol, parent });
        for (const volume of addSound(deployment, 2)) {
          restoreInto(second, volume);
          for (const on of ['prod', 'restored']) {
            expected.push(also(certain('volume-handle-duplicate', volume.name), { on }));
          }
        }
      }
      // The first cluster let go of this one; the second still mounts it.
      const moved = addOne(site.nfs, 'apps/moved');
      restoreInto(second, moved);
      const volumes = objectsOf(site.cluster.cluster, 'persistentvolumes');
      volumes.splice(
        volumes.findIndex(({ metadata }) => metadata.name === moved.name),
        1,
      );
      const claims = objectsOf(site.cluster.cluster, 'persistentvolumeclaims');
      claims.splice(
        claims.findIndex(({ metadata }) => metadata.uid === moved.claimUid),
        1,
      );
      return finish(site, expected);
    },
  }),
  defineScenario({
    name: 'one-handle-two-volumes',
    description: 'two volumes of one cluster have the same handle',
    row: 22,
    build(version) {
      const site = newSite(version);
      const [volume] = addSound(site.nfs, 3);
      if (volume === undefined) return finish(site, []);
      mountStatically(site, 'second-reader', {
        csi: {
          driver: site.nfs.driver,
          volumeHandle: volume.handle,
          volumeAttributes: {
            node_attach_driver: 'nfs',
            provisioner_driver: 'freenas-api-nfs',
            server: site.nfs.host,
            share: `/mnt/${volume.dataset}`,
          },
        },
      });
      return finish(site, [
        certain('volume-handle-duplicate', volume.name),
        certain('volume-handle-duplicate', 'second-reader'),
      ]);
    },
  }),
  defineScenario({
    name: 'blocked-delete',
    description: 'deletes that snapshots and clones block: the share is gone, the dataset stays',
    row: 38,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      addSound(site.iscsi, 3);
      const options = { gone: ['claim', 'share'], releasedDays: 6.2 } as const;
      const file = addOne(site.nfs, 'apps/blocked-files', options);
      forget(file, 'freenas_nfs_share_id');
      addPeriodicSnapshots(site.nas, file.dataset, [1, 2]);
      addFailedDelete(file, 'filesystem has dependent snapshots');
      const disk = addOne(site.iscsi, 'apps/blocked-disk', options);
      forget(disk, 'freenas_iscsi_target_id', 'freenas_iscsi_extent_id');
      addFailedDelete(disk, 'volume has dependent clones');
      return finish(site, [
        certain('pv-released', file.name),
        certain('pv-released', disk.name),
        also(certain('delete-blocked', file.name), { says: 'dependent snapshots' }),
        also(certain('delete-blocked', disk.name), { says: 'dependent clones' }),
      ]);
    },
  }),
];
