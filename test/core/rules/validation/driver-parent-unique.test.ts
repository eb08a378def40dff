import { driverParentUnique } from '../../../../src/lib/core/rules/validation/driver-parent-unique.ts';
import {
  aCluster,
  aCsiDriver,
  aDriver,
  aDriverSecret,
  anInventory,
  clusterWith,
} from '../../../support/builders.ts';
import { type DriverSecret } from '../../../../src/lib/core/model/kubernetes.ts';
import { testCheck } from '../../../support/check-tester.ts';

const csiDrivers = [aCsiDriver(), aCsiDriver({ name: 'org.democratic-csi.iscsi' })];
const drivers = [aDriver(), aDriver({ driver: 'org.democratic-csi.iscsi', parent: 'tank/iscsi' })];
const iscsi = { name: 'iscsi', driver: 'org.democratic-csi.iscsi' };
const together = (...driverSecrets: readonly DriverSecret[]) =>
  anInventory({ csiDrivers, drivers, driverSecrets });

/** The same driver in a second cluster. */
function besides(first: DriverSecret, over: Partial<DriverSecret>) {
  const world = together(first);
  const theirs = aDriverSecret({ cluster: 'stage', name: 'theirs', ...over });
  const stage = clusterWith(
    { csiDrivers: [aCsiDriver({ cluster: 'stage' })], driverSecrets: [theirs] },
    aCluster({ name: 'stage', uid: 'stage-uid' }),
  );
  return { ...world, clusters: [...world.clusters, stage] };
}

const ours = 'democratic-csi/nas-nfs-democratic-csi-driver-config';

testCheck(driverParentUnique, {
  'passes where each has its own': [
    together(aDriverSecret(), aDriverSecret({ ...iscsi, parent: 'tank/iscsi' })),
    [`PASS ${ours}`, 'PASS democratic-csi/iscsi'],
  ],
  'passes where the same path is on another server': [
    together(aDriverSecret(), aDriverSecret({ ...iscsi, hosts: ['nas2.example'] })),
    [`PASS ${ours}`, 'PASS democratic-csi/iscsi'],
  ],
  'warns of two releases with one, in whatever letters they name the server': [
    together(
      aDriverSecret(),
      aDriverSecret({ ...iscsi, parent: 'tank/k8s/', hosts: ['NAS1.example'] }),
    ),
    [`WARNING ${ours}`, 'WARNING democratic-csi/iscsi'],
  ],
  'warns of two clusters with one': [
    besides(aDriverSecret(), {}),
    [`WARNING ${ours}`, 'WARNING democratic-csi/theirs'],
  ],
  'passes where each of them has an id of its own': [
    besides(aDriverSecret({ instanceId: 'prod' }), { instanceId: 'stage' }),
    [`PASS ${ours}`, 'PASS democratic-csi/theirs'],
  ],
  'warns where both have one id': [
    besides(aDriverSecret({ instanceId: 'k8s' }), { instanceId: 'k8s' }),
    [`WARNING ${ours}`, 'WARNING democratic-csi/theirs'],
  ],
  'fails where names of volumes could be the same in both': [
    besides(aDriverSecret(), { handleRule: 'hash' }),
    [`FAIL ${ours}`, 'FAIL democratic-csi/theirs'],
  ],
  'does not judge what names no parent': [together(aDriverSecret({ parent: null })), []],
});
