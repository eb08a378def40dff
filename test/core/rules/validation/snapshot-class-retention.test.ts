import { DEFAULT_THRESHOLDS } from '../../../../src/lib/core/model/settings.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import { snapshotClassRetention } from '../../../../src/lib/core/rules/validation/snapshot-class-retention.ts';
import { aSnapshotClass, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const WANTED = {
  thresholds: { ...DEFAULT_THRESHOLDS, snapshotRetention: millis(30 * 86_400_000) },
};
const retaining = anInventory({
  volumeSnapshotClasses: [aSnapshotClass({ deletionPolicy: 'Retain' })],
});

testCheck(snapshotClassRetention, {
  'passes with Delete': [
    anInventory({ volumeSnapshotClasses: [aSnapshotClass()] }),
    ['PASS nas-nfs'],
    WANTED,
  ],
  'warns of Retain where snapshots are to be kept for a time only': [
    retaining,
    ['WARNING nas-nfs'],
    WANTED,
  ],
  'says nothing with Retain where nothing is wanted': [retaining, []],
  'leaves classes of other drivers': [
    anInventory({
      volumeSnapshotClasses: [
        aSnapshotClass({ driver: 'ebs.csi.aws.com', deletionPolicy: 'Retain' }),
      ],
    }),
    [],
    WANTED,
  ],
});
