import { driverHandleTemplate } from '../../../../src/lib/core/rules/validation/driver-handle-template.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { type DriverSecret } from '../../../../src/lib/core/model/kubernetes.ts';
import {
  aCluster,
  aCsiDriver,
  aDriverSecret,
  anInventory,
  clusterWith,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

/** One driver in two clusters. */
function inTwoClusters(first: Partial<DriverSecret>, second: Partial<DriverSecret>) {
  const world = anInventory({ csiDrivers: [aCsiDriver()], driverSecrets: [aDriverSecret(first)] });
  const theirs = aDriverSecret({ cluster: 'stage', name: 'theirs', ...second });
  const stage = clusterWith(
    { csiDrivers: [aCsiDriver({ cluster: 'stage' })], driverSecrets: [theirs] },
    aCluster({ name: 'stage', uid: 'stage-uid' }),
  );
  return { ...world, clusters: [...world.clusters, stage] };
}

const ours = 'democratic-csi/nas-nfs-democratic-csi-driver-config';
const theirs = 'democratic-csi/theirs';
const iscsi = { kind: 'freenas-iscsi', handleRule: 'template' } as const;
const prefixed = { settings: { ...NO_DRIVER_SETTINGS, namePrefix: 'stage-' } };

testCheck(driverHandleTemplate, {
  'passes where names are those of Kubernetes': [
    inTwoClusters({}, {}),
    [`PASS ${ours}`, `PASS ${theirs}`],
  ],
  'passes with a template where the parents lie apart': [
    inTwoClusters({ handleRule: 'template' }, { handleRule: 'template', parent: 'tank/stage' }),
    [`PASS ${ours}`, `PASS ${theirs}`],
  ],
  'warns where hashed names share a parent': [
    inTwoClusters({ handleRule: 'hash' }, {}),
    [`WARNING ${ours}`, `PASS ${theirs}`],
  ],
  'warns where targets are called alike, though the parents lie apart': [
    inTwoClusters(iscsi, { ...iscsi, parent: 'tank/stage' }),
    [`WARNING ${ours}`, `WARNING ${theirs}`],
  ],
  'passes where targets have prefixes of their own': [
    inTwoClusters(iscsi, { ...iscsi, ...prefixed, parent: 'tank/stage' }),
    [`PASS ${ours}`, `PASS ${theirs}`],
  ],
  'passes on another server': [
    inTwoClusters({ handleRule: 'hash' }, { hosts: ['nas2.example'] }),
    [`PASS ${ours}`, `PASS ${theirs}`],
  ],
});
