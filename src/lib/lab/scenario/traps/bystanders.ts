import { defineScenario } from '../build/define.ts';
import { addObject } from '../build/objects.ts';
import { addSound, finish, newSite } from '../build/site.ts';
import { GIB, type Cluster } from '../build/stage.ts';
import { addStaticVolume } from '../build/static-volume.ts';
import { type Scenario } from '../world.ts';

const KUBECTL = [{ manager: 'kubectl-client-side-apply', keys: ['spec', 'provisioner'] }];

/** A class whose provisioner is no CSI driver, and needs no CSIDriver. */
function addPlainClass(cluster: Cluster, name: string, provisioner: string): void {
  addObject(cluster, {
    resource: 'storageclasses',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    name,
    days: 600.5,
    body: { provisioner, reclaimPolicy: 'Delete', volumeBindingMode: 'WaitForFirstConsumer' },
    writers: KUBECTL,
  });
}

/** A snapshot of a driver that has nothing to do with TrueNAS, and that failed. */
function addForeignSnapshot(cluster: Cluster): void {
  addObject(cluster, {
    resource: 'volumesnapshotclasses',
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    name: 'cloud',
    days: 600.5,
    body: { driver: 'disk.csi.example.com', deletionPolicy: 'Retain' },
    writers: KUBECTL,
  });
  addObject(cluster, {
    resource: 'volumesnapshotcontents',
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotContent',
    name: 'cloud-left',
    days: 90.5,
    body: {
      spec: {
        deletionPolicy: 'Retain',
        driver: 'disk.csi.example.com',
        source: { volumeHandle: 'disk-7' },
        volumeSnapshotClassName: 'cloud',
        volumeSnapshotRef: { name: 'gone', namespace: 'cloud', uid: 'a-uid-of-nobody' },
      },
      status: { readyToUse: true, snapshotHandle: 'snap-7' },
    },
    writers: KUBECTL,
  });
}

/** What lives in the same cluster and is no business of TrueNAS. */
export const BYSTANDER_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'other-provisioners',
    description:
      'classes, volumes, claims and snapshots of drivers that have no TrueNAS behind them',
    row: 41,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      addSound(site.iscsi, 2);
      const { cluster } = site;
      addPlainClass(cluster, 'local-path', 'rancher.io/local-path');
      addPlainClass(cluster, 'by-hand', 'kubernetes.io/no-provisioner');
      addPlainClass(cluster, 'cloud', 'disk.csi.example.com');
      for (const claim of ['cloud/idle', 'cloud/busy']) {
        addStaticVolume(cluster, {
          name: claim.replace('/', '-'),
          claim,
          size: 20 * GIB,
          days: 300.5,
          source: { csi: { driver: 'disk.csi.example.com', volumeHandle: claim } },
        });
      }
      addStaticVolume(cluster, {
        name: 'local-disk',
        claim: 'cloud/local',
        size: 20 * GIB,
        days: 300.5,
        source: { local: { path: '/var/data' } },
      });
      cluster.idle.add('cloud/idle').add('cloud/local');
      addForeignSnapshot(cluster);
      return finish(site, []);
    },
  }),
];
