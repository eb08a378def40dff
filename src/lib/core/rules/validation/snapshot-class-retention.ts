import { refToSnapshotClass } from '../../model/subjects.ts';
import { formatSpan } from '../../render/text/format.ts';
import { defineCheck } from '../define-check.ts';

export const snapshotClassRetention = defineCheck({
  id: 'snapshot-class-retention',
  category: 'validation',
  severity: 'low',
  component: 'retention',
  title: 'VolumeSnapshotClasses let snapshots go where they are to be kept for a time only',
  scope: 'cluster',
  subjects: ['VolumeSnapshotClass'],
  requires: ['volumeSnapshotClasses', 'parents'],
  consults: [],
  steps: [
    'Make the class anew with deletionPolicy Delete, if what is deleted in Kubernetes is to go from the NAS as well: the policy of a class cannot be changed, and snapshots that are there keep the one they were made with.',
    'If it is Retain on purpose, for backups say, ignore this check for the class, and look through `truenas-monitor orphans` now and then for what it left.',
  ],

  *inspect({ volumeSnapshotClasses, parents }, { policy }) {
    const { snapshotRetention } = policy.thresholds;
    // Nobody said that they are to go.
    if (snapshotRetention === null) return;
    for (const each of volumeSnapshotClasses) {
      const { cluster, driver, deletionPolicy } = each;
      if (!parents.isTrueNasDriver(cluster, driver)) continue;
      const subject = refToSnapshotClass(each);
      const seen = `its deletionPolicy is ${deletionPolicy}`;
      yield deletionPolicy !== 'Retain'
        ? { subject, sound: true, seen }
        : {
            subject,
            sound: false,
            seen: `${seen}: its snapshots stay on the NAS for ever, and snapshot_retention is ${formatSpan(snapshotRetention)}`,
          };
    }
  },
});
