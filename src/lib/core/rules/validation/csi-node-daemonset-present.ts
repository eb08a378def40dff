import { isAlive, podsOf, refToDriver, tellsItsName } from '../checks/installation-pods.ts';
import { defineCheck } from '../define-check.ts';

export const csiNodeDaemonsetPresent = defineCheck({
  id: 'csi-node-daemonset-present',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'Every driver has pods on nodes',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations'],
  consults: [],
  steps: [
    'Look for the DaemonSet of the driver, and how many pods it wants: `kubectl get daemonset -A -l app.kubernetes.io/csi-role=node`.',
    'Where it wants none, correct its node selector, affinity or tolerations (`node:` in the values of the chart).',
    'Where its pods are refused, `kubectl describe daemonset` says why: they have to be privileged.',
    'Where it is missing, install the release again: `helm upgrade --install`.',
  ],

  *inspect({ installations }) {
    for (const installation of installations) {
      if (installation.csiDriver === undefined && podsOf(installation).length === 0) continue;
      const count = installation.nodePods.filter(isAlive).length;
      const missing = tellsItsName(installation) ? false : undefined;
      yield {
        subject: refToDriver(installation),
        sound: count > 0 ? true : missing,
        seen:
          count > 0
            ? `${count} pods on nodes`
            : missing === false
              ? 'no node runs a pod of this driver: none can mount its volumes'
              : 'no pod says that it mounts volumes of this driver',
      };
    }
  },
});
