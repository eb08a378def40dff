import { HOUR, ago } from './stage.ts';
import { addObject } from './objects.ts';
import { type Volume } from './volume.ts';

/** What the volume controller writes each time the driver refuses to delete. */
export function addFailedDelete(volume: Volume, message: string): void {
  const { cluster, driver } = volume.deployment;
  addObject(cluster, {
    resource: 'events',
    apiVersion: 'v1',
    kind: 'Event',
    name: `${volume.name}.18ea38744041d7bf`,
    namespace: 'default',
    days: HOUR,
    body: {
      involvedObject: {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        name: volume.name,
        ...(volume.pv === undefined ? {} : { uid: volume.pv.metadata.uid }),
      },
      reason: 'VolumeFailedDelete',
      message,
      type: 'Warning',
      count: 412,
      firstTimestamp: ago(cluster.stage, 6.2),
      lastTimestamp: ago(cluster.stage, HOUR),
      reportingComponent: driver,
      source: { component: driver },
    },
    writers: [{ manager: 'csi-provisioner', keys: ['involvedObject', 'message'] }],
  });
}
