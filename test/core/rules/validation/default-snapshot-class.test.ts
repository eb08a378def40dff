import { defaultSnapshotClass } from '../../../../src/lib/core/rules/validation/default-snapshot-class.ts';
import { type VolumeSnapshotClass } from '../../../../src/lib/core/model/kubernetes.ts';
import { aCsiDriver, anInventory, aSnapshotClass } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const driver = 'org.democratic-csi.nfs';
const classes = (...volumeSnapshotClasses: readonly VolumeSnapshotClass[]) =>
  anInventory({ csiDrivers: [aCsiDriver()], volumeSnapshotClasses });
const standard = aSnapshotClass({ isDefault: true });

testCheck(defaultSnapshotClass, {
  'passes with one': [classes(standard), [`PASS ${driver}`]],
  'passes with none': [classes(aSnapshotClass()), [`PASS ${driver}`]],
  'passes where another driver has one too': [
    classes(standard, aSnapshotClass({ name: 'b', driver: 'ebs.csi.aws.com', isDefault: true })),
    [`PASS ${driver}`],
  ],
  'warns of two': [
    classes(standard, aSnapshotClass({ name: 'b', isDefault: true })),
    [`WARNING ${driver}`],
  ],
  'says nothing of drivers without classes': [classes(), []],
});
