import { type Installation } from '../../correlate/installations.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { hasRole } from '../checks/pod-health.ts';
import { judgePods, POD_STEPS } from '../checks/pod-verdict.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** The chart of democratic-csi can put what a controller does into the pods of the nodes. */
function worksOnNodes({ nodePods }: Installation): boolean {
  return nodePods.some(({ containers }) => containers.some((each) => hasRole(each, 'provisioner')));
}

/** A pod of the nodes that says its driver's name: the controller of the same driver would say it too. */
function namesItself({ driver, nodePods }: Installation): boolean {
  return nodePods.some(({ containers }) =>
    containers.some(({ args }) => args.includes(`--csi-name=${driver}`)),
  );
}

function judge(installation: Installation, now: Date): Omit<Inspection, 'subject'> {
  const { controllers } = installation;
  const judged = judgePods({ noun: 'controller pod', pods: controllers, oneIsEnough: true }, now);
  if (judged !== undefined) return judged;
  if (worksOnNodes(installation)) {
    return { sound: true, seen: 'its controller runs in the pods of the nodes' };
  }
  return namesItself(installation)
    ? { sound: false, seen: 'it has no controller pod: no volume is made, attached or deleted' }
    : { sound: undefined, seen: 'none of the pods was recognised as its controller' };
}

export const csiControllerHealth = defineCheck({
  id: 'csi-controller-health',
  category: 'health',
  severity: 'high',
  component: 'driver',
  title: 'The controller of every CSI driver runs',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations'],
  consults: [],
  steps: POD_STEPS,

  *inspect({ installations }, { now }) {
    for (const installation of installations) {
      const { cluster, driver, csiDriver, controllers } = installation;
      // A class alone may be left over from a driver that is gone: that is the matter of class-without-driver.
      if (csiDriver === undefined && controllers.length === 0) continue;
      yield {
        subject: refInCluster('CsiDriver', { cluster, name: driver }),
        ...judge(installation, now),
      };
    }
  },
});
