import { type ApiGroup } from '../../model/kubernetes-surroundings.ts';
import { refToCluster } from '../../model/surroundings.ts';
import { driversWithSnapshots } from '../checks/snapshots-wanted.ts';
import { unseenDrivers } from '../checks/unseen-drivers.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const GROUP = 'snapshot.storage.k8s.io';

function inspectGroup(
  group: ApiGroup | undefined,
  drivers: readonly string[],
  unseen: string | undefined,
): Omit<Inspection, 'subject'> {
  if (group?.versions.includes('v1') === true) return { sound: true, seen: `${GROUP}/v1 is there` };
  const there =
    group === undefined
      ? `no ${GROUP} is installed`
      : `${GROUP} is there as ${group.versions.join(', ')} only`;
  if (drivers.length === 0 && unseen !== undefined) {
    return {
      sound: undefined,
      seen: `${there}, and whether a driver needs it is not known: ${unseen}`,
    };
  }
  if (drivers.length === 0) return { sound: true, seen: `${there}, and no driver here needs it` };
  return { sound: false, seen: `${there}, so that ${drivers.join(', ')} can make no snapshots` };
}

export const snapshotCrdsInstalled = defineCheck({
  id: 'snapshot-crds-installed',
  category: 'validation',
  severity: 'medium',
  component: 'snapshot',
  title: 'The API of snapshots is installed where drivers use it',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['apiGroups', 'clusters', 'installations'],
  consults: ['persistentVolumes', 'driverSecrets'],
  steps: [
    'Install the CRDs of a release of https://github.com/kubernetes-csi/external-snapshotter: `kubectl kustomize client/config/crd | kubectl create -f -` in its folder.',
    'Install the snapshot controller of the same release, once for the whole cluster.',
    'Where no snapshots are wanted, turn the sidecar off: `controller.externalSnapshotter.enabled: false` in the values of the chart.',
  ],

  *inspect({ apiGroups, clusters, installations, ...traces }) {
    for (const { name } of clusters) {
      const group = apiGroups.find((each) => each.cluster === name && each.name === GROUP);
      yield {
        subject: refToCluster(name),
        ...inspectGroup(group, driversWithSnapshots(name, installations), unseenDrivers(traces)),
      };
    }
  },
});
