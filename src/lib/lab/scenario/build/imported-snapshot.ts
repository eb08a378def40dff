import { uuidOf } from './identity.ts';
import { addObject } from './objects.ts';
import { snapshotClassName } from './release.ts';
import { type Volume } from './volume.ts';

const KUBECTL = [{ manager: 'kubectl-client-side-apply', keys: ['spec'] }];
const API_VERSION = 'snapshot.storage.k8s.io/v1';

/** A content written by hand for a snapshot that exists, as after a restore of a cluster, and its VolumeSnapshot. */
export function addImportedSnapshot(volume: Volume, name: string, snapshotHandle: string): void {
  const { deployment, namespace } = volume;
  const { cluster, driver, storageClass } = deployment;
  const uid = uuidOf(`imported ${cluster.cluster.uid} ${name}`);
  const contentName = `imported-${name}`;
  const volumeSnapshotClassName = snapshotClassName(storageClass, false);
  addObject(cluster, {
    resource: 'volumesnapshotcontents',
    apiVersion: API_VERSION,
    kind: 'VolumeSnapshotContent',
    name: contentName,
    days: 20.5,
    body: {
      spec: {
        deletionPolicy: 'Retain',
        driver,
        source: { snapshotHandle },
        volumeSnapshotClassName,
        volumeSnapshotRef: {
          apiVersion: API_VERSION,
          kind: 'VolumeSnapshot',
          name,
          namespace,
          uid,
        },
      },
      status: { readyToUse: true, restoreSize: volume.size, snapshotHandle },
    },
    writers: KUBECTL,
  });
  addObject(cluster, {
    resource: 'volumesnapshots',
    apiVersion: API_VERSION,
    kind: 'VolumeSnapshot',
    name,
    namespace,
    uid,
    days: 20.5,
    body: {
      spec: { source: { volumeSnapshotContentName: contentName }, volumeSnapshotClassName },
      status: { boundVolumeSnapshotContentName: contentName, readyToUse: true },
    },
    writers: KUBECTL,
  });
}
