import { expect, test } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../../../src/lib/core/model/settings.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import { type VolumeSnapshot } from '../../../../src/lib/core/model/kubernetes.ts';
import { snapshotRetention } from '../../../../src/lib/core/rules/validation/snapshot-retention.ts';
import { JUST_NOW, aContent, aVolumeSnapshot, anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const WANTED = {
  thresholds: { ...DEFAULT_THRESHOLDS, snapshotRetention: millis(30 * 86_400_000) },
};
const OK = 'PASS org.democratic-csi.nfs';
const world = (over: Partial<VolumeSnapshot>) =>
  anInventory({ volumeSnapshots: [aVolumeSnapshot(over)], volumeSnapshotContents: [aContent()] });

testCheck(snapshotRetention, {
  'passes where none is older': [world({ createdAt: JUST_NOW }), [OK], WANTED],
  'warns of one that is older': [world({}), ['WARNING org.democratic-csi.nfs'], WANTED],
  'says nothing where nothing is wanted': [world({}), []],
  'counts many as one': [
    anInventory({
      volumeSnapshots: [
        aVolumeSnapshot(),
        aVolumeSnapshot({ name: 'other', createdAt: JUST_NOW }),
        aVolumeSnapshot({ name: 'third' }),
      ],
      volumeSnapshotContents: [aContent()],
    }),
    ['WARNING org.democratic-csi.nfs'],
    WANTED,
  ],
  'leaves one that is being deleted, or whose age is not known': [
    anInventory({
      volumeSnapshots: [
        aVolumeSnapshot({ deletedAt: JUST_NOW }),
        aVolumeSnapshot({ name: 'other', createdAt: null }),
      ],
      volumeSnapshotContents: [aContent()],
    }),
    [],
    WANTED,
  ],
  'leaves those of other drivers': [
    anInventory({
      volumeSnapshots: [aVolumeSnapshot()],
      volumeSnapshotContents: [aContent({ driver: 'ebs.csi.aws.com' })],
    }),
    [],
    WANTED,
  ],
});

test('names the oldest, and says how many there are', () => {
  const [outcome] = outcomesIn(snapshotRetention, world({}), WANTED);
  expect(outcome?.message).toBe(
    '1 of 1 VolumeSnapshot kept for longer than is wanted, the oldest, media/weekly, for 153d: snapshot_retention is 30d',
  );
});
