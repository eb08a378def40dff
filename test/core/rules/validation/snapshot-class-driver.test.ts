import { expect, test } from 'vitest';
import { snapshotClassDriver } from '../../../../src/lib/core/rules/validation/snapshot-class-driver.ts';
import {
  aCsiDriver,
  anInventory,
  aSnapshotClass,
  aStorageClass,
} from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { aContainer, aControllerPod, aNodePod } from '../../../support/surrounding-builders.ts';

const csiDrivers = [aCsiDriver()];
const pods = [aControllerPod()];

testCheck(snapshotClassDriver, {
  'passes where the driver makes snapshots': [
    anInventory({ csiDrivers, pods, volumeSnapshotClasses: [aSnapshotClass()] }),
    ['PASS nas-nfs'],
  ],
  'fails where its controller runs no snapshotter': [
    anInventory({
      csiDrivers,
      pods: [aControllerPod({ containers: [aContainer()] })],
      volumeSnapshotClasses: [aSnapshotClass()],
    }),
    ['FAIL nas-nfs'],
  ],
  'does not know where no controller was seen': [
    anInventory({ csiDrivers, pods: [aNodePod()], volumeSnapshotClasses: [aSnapshotClass()] }),
    ['SKIPPED nas-nfs'],
  ],
  'warns where the driver is gone': [
    anInventory({ storageClasses: [aStorageClass()], volumeSnapshotClasses: [aSnapshotClass()] }),
    ['WARNING nas-nfs'],
  ],
  'warns where nothing but volumes is left of the driver': [
    anInventory({ volumeSnapshotClasses: [aSnapshotClass()] }),
    ['WARNING nas-nfs'],
  ],
  'warns of a slip in its name': [
    anInventory({
      csiDrivers,
      pods,
      volumeSnapshotClasses: [aSnapshotClass({ driver: 'org.democratic-csi.nsf' })],
    }),
    ['WARNING nas-nfs'],
  ],
  'says nothing of other drivers, near as their names may be': [
    anInventory({
      csiDrivers: [...csiDrivers, aCsiDriver({ name: 'org.democratic-csi.nfx' })],
      pods,
      volumeSnapshotClasses: [
        aSnapshotClass({ driver: 'org.democratic-csi.nfx' }),
        aSnapshotClass({ name: 'other', driver: 'ebs.csi.aws.com' }),
      ],
    }),
    [],
  ],
});

test('a slip in the name is no matter of csi-snapshotter', () => {
  const misspelled = anInventory({
    csiDrivers,
    volumeSnapshotClasses: [aSnapshotClass({ driver: 'org.democratic-csi.nsf' })],
  });
  const [outcome] = outcomesIn(snapshotClassDriver, misspelled);
  expect(outcome?.steps).toHaveLength(2);
  expect(outcome?.steps.join(' ')).not.toContain('csi-snapshotter');
});
