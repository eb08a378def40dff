import { driverParentsOverlap } from '../../../../src/lib/core/rules/validation/driver-parents-overlap.ts';
import { aCsiDriver, aDriver, aDriverSecret, anInventory } from '../../../support/builders.ts';
import { type DriverSecret } from '../../../../src/lib/core/model/kubernetes.ts';
import { testCheck } from '../../../support/check-tester.ts';

const drivers = [aDriver(), aDriver({ driver: 'org.democratic-csi.iscsi', parent: 'tank/iscsi' })];
const csiDrivers = [aCsiDriver(), aCsiDriver({ name: 'org.democratic-csi.iscsi' })];
const together = (...driverSecrets: readonly DriverSecret[]) =>
  anInventory({ csiDrivers, drivers, driverSecrets });
const other = (over: Partial<DriverSecret>) =>
  aDriverSecret({
    name: 'iscsi',
    driver: 'org.democratic-csi.iscsi',
    detachedSnapshotsParent: null,
    ...over,
  });
const ours = 'democratic-csi/nas-nfs-democratic-csi-driver-config';

testCheck(driverParentsOverlap, {
  'passes where they lie beside each other': [
    together(aDriverSecret(), other({ parent: 'tank/k8s-iscsi' })),
    [`PASS ${ours}`, 'PASS democratic-csi/iscsi'],
  ],
  'fails where detached snapshots are to lie among the volumes': [
    together(aDriverSecret({ detachedSnapshotsParent: 'tank/k8s/snaps' })),
    [`FAIL ${ours}`],
  ],
  'fails where volumes are to lie among detached snapshots': [
    together(aDriverSecret({ detachedSnapshotsParent: 'tank' })),
    [`FAIL ${ours}`],
  ],
  'fails where both are the same': [
    together(aDriverSecret({ detachedSnapshotsParent: 'tank/k8s/' })),
    [`FAIL ${ours}`],
  ],
  'warns where one deployment lies inside another': [
    together(aDriverSecret(), other({ parent: 'tank/k8s/iscsi' })),
    [`WARNING ${ours}`, 'WARNING democratic-csi/iscsi'],
  ],
  'passes where the other is on another server': [
    together(aDriverSecret(), other({ parent: 'tank/k8s/iscsi', hosts: ['nas2'] })),
    [`PASS ${ours}`, 'PASS democratic-csi/iscsi'],
  ],
  'leaves one parent of two deployments to another check': [
    together(aDriverSecret(), other({})),
    [`PASS ${ours}`, 'PASS democratic-csi/iscsi'],
  ],
  'does not judge what names no parent': [together(aDriverSecret({ parent: null })), []],
});
