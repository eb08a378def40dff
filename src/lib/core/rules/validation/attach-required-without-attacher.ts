import { type Installation } from '../../correlate/installations.ts';
import { type CsiDriver } from '../../model/kubernetes.ts';
import { controllersOf, refToDriver, sidecarsOf } from '../checks/installation-pods.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function inspectAttaching(
  installation: Installation,
  { attachRequired }: CsiDriver,
): Omit<Inspection, 'subject'> {
  if (!attachRequired) return { sound: true, seen: 'attachRequired is false: nothing attaches' };
  if (sidecarsOf(installation, 'attacher').length > 0) {
    return { sound: true, seen: 'attachRequired is true, and csi-attacher runs' };
  }
  const isSeen = controllersOf(installation).length > 0;
  return isSeen
    ? {
        sound: false,
        seen: 'attachRequired is true, but the controller runs no csi-attacher: pods wait for ever for their volumes',
      }
    : { sound: undefined, seen: 'attachRequired is true, and no controller was seen' };
}

export const attachRequiredWithoutAttacher = defineCheck({
  id: 'attach-required-without-attacher',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'Drivers whose volumes have to be attached run csi-attacher',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations'],
  consults: [],
  steps: [
    'Turn the attacher on (`controller.externalAttacher.enabled: true` in the values of the chart) and upgrade the release.',
    'Or set `csiDriver.attachRequired: false`: the field cannot be changed, so delete the CSIDriver object first (`kubectl delete csidriver NAME`) and let the upgrade make it again.',
  ],

  *inspect({ installations }) {
    for (const installation of installations) {
      const { csiDriver } = installation;
      if (csiDriver === undefined) continue;
      yield { subject: refToDriver(installation), ...inspectAttaching(installation, csiDriver) };
    }
  },
});
