import { type Lease } from '../../model/kubernetes-surroundings.ts';
import { refToCluster } from '../../model/surroundings.ts';
import { elapsed } from '../../model/units.ts';
import { snapshotControllersIn, type SnapshotController } from '../checks/snapshot-controllers.ts';
import { driversWithSnapshots } from '../checks/snapshots-wanted.ts';
import { unseenDrivers } from '../checks/unseen-drivers.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** A leader renews every few seconds; clocks differ by less than this. */
const FRESH = 10 * 60_000;

/** Managed clusters run it where no pod of theirs is to be seen: then its lease says that it lives. */
function isHeld(leases: readonly Lease[], now: Date): boolean {
  return leases.some(
    ({ name, holder, renewedAt }) =>
      /^(?:csi-)?snapshot-controller/.test(name) &&
      holder !== null &&
      renewedAt !== null &&
      elapsed(renewedAt, now) < FRESH,
  );
}

const LOOK = 'Look for it: `kubectl get deployments -A | grep snapshot-controller`.';

const STEPS_FOR_SEVERAL = [
  LOOK,
  'Keep the one that came with the cluster, and turn the others off in the charts that brought them.',
] as const;

function inspectControllers(
  controllers: readonly SnapshotController[],
  drivers: readonly string[],
  lives: () => boolean | undefined,
  unseen: string | undefined,
): Omit<Inspection, 'subject'> {
  const deployments = [...new Set(controllers.map(({ deployment }) => deployment))].toSorted();
  if (deployments.length > 1) {
    return {
      sound: false,
      steps: STEPS_FOR_SEVERAL,
      seen: `${deployments.join(', ')} are several snapshot controllers, which act on the same snapshots`,
    };
  }
  if (deployments.length === 1) return { sound: true, seen: `it is ${deployments.join()}` };
  if (drivers.length === 0 && unseen !== undefined) {
    return {
      sound: undefined,
      seen: `whether a driver here makes snapshots is not known: ${unseen}`,
    };
  }
  if (drivers.length === 0) return { sound: true, seen: 'no driver here makes snapshots' };
  const alive = lives();
  if (alive === true) return { sound: true, seen: 'its lease is held, by a pod that is not seen' };
  if (alive === undefined) {
    return { sound: undefined, seen: 'no pod of it was seen, and leases could not be read' };
  }
  return {
    sound: false,
    seen: `no snapshot controller was seen: snapshots of ${drivers.join(', ')} will never be ready`,
  };
}

export const snapshotControllerRunning = defineCheck({
  id: 'snapshot-controller-running',
  category: 'validation',
  severity: 'medium',
  component: 'snapshot',
  title: 'One snapshot controller runs where drivers need it',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['pods', 'clusters', 'installations'],
  consults: ['leases', 'persistentVolumes', 'driverSecrets'],
  steps: [
    LOOK,
    'Install the one that belongs to the CRDs, once for the whole cluster: of https://github.com/kubernetes-csi/external-snapshotter, or the chart `snapshot-controller`. OpenShift brings its own.',
  ],

  *inspect({ pods, leases, clusters, installations, ...traces }, { now }) {
    for (const { name } of clusters) {
      const own = leases.items.filter(({ cluster }) => cluster === name);
      const held = (): boolean | undefined => {
        if (isHeld(own, now)) return true;
        return leases.coverage.state === 'complete' ? false : undefined;
      };
      yield {
        subject: refToCluster(name),
        ...inspectControllers(
          snapshotControllersIn(name, pods),
          driversWithSnapshots(name, installations),
          held,
          unseenDrivers(traces),
        ),
      };
    }
  },
});
