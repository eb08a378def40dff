import { controllersOf, podsOf, refToDriver, tellsItsName } from '../checks/installation-pods.ts';
import { defineCheck } from '../define-check.ts';

export const csiControllerPresent = defineCheck({
  id: 'csi-controller-present',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'Every driver has a controller',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations'],
  consults: [],
  steps: [
    'Look for the Deployment of the controller in the namespace of the driver, and how many replicas it wants: `kubectl get deployment -A -l app.kubernetes.io/csi-role=controller`.',
    'Where it is scaled to zero, scale it to one; where it is missing, install the release again: `helm upgrade --install`.',
    'Where its pods are refused, `kubectl describe replicaset` in that namespace says why.',
  ],

  *inspect({ installations }) {
    for (const installation of installations) {
      // A driver of which nothing is left is no driver without a controller.
      if (installation.csiDriver === undefined && podsOf(installation).length === 0) continue;
      const controllers = controllersOf(installation);
      const names = controllers.map(({ namespace, name }) => `${namespace}/${name}`).toSorted();
      const missing = tellsItsName(installation) ? false : undefined;
      yield {
        subject: refToDriver(installation),
        sound: controllers.length > 0 ? true : missing,
        seen:
          controllers.length > 0
            ? `controller ${names.join(', ')}`
            : missing === false
              ? 'no pod makes, grows or deletes volumes of this driver'
              : 'no pod says that it is the controller of this driver',
      };
    }
  },
});
