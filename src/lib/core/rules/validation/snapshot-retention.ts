import { isBeyondRetention } from '../../analysis/snapshot-dates.ts';
import { type VolumeSnapshot, type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { elapsed, type Millis } from '../../model/units.ts';
import { counted, formatSpan } from '../../render/text/format.ts';
import { defineCheck } from '../define-check.ts';

interface Ages {
  seen: number;
  old: number;
  oldest: VolumeSnapshot & { readonly createdAt: Date };
}

function isDated(snapshot: VolumeSnapshot): snapshot is Ages['oldest'] {
  return snapshot.createdAt !== null;
}

/** Of two of one age always the same. */
function isOlder(one: Ages['oldest'], other: Ages['oldest']): boolean {
  const difference = elapsed(other.createdAt, one.createdAt);
  return difference === 0 ? nameOf(one) < nameOf(other) : difference < 0;
}

function nameOf({ namespace, name }: VolumeSnapshot): string {
  return `${namespace}/${name}`;
}

function wordsOf({ seen, old, oldest }: Ages, retention: Millis, now: Date): string {
  const age = `the oldest, ${nameOf(oldest)}, for ${formatSpan(elapsed(oldest.createdAt, now))}`;
  const all = counted(seen, 'VolumeSnapshot');
  const policy = `snapshot_retention is ${formatSpan(retention)}`;
  return old === 0
    ? `none of ${all} is kept for longer than is wanted: ${policy}`
    : `${String(old)} of ${all} kept for longer than is wanted, ${age}: ${policy}`;
}

/** The VolumeSnapshots of each driver; one that is on its way out is none. */
function agesByDriver(
  snapshots: readonly VolumeSnapshot[],
  contents: readonly VolumeSnapshotContent[],
  isOld: (createdAt: Date) => boolean,
): ReadonlyMap<string, Ages> {
  const drivers = new Map(contents.map(({ name, driver }) => [name, driver]));
  const byDriver = new Map<string, Ages>();
  for (const snapshot of snapshots) {
    const driver = drivers.get(snapshot.contentName ?? '');
    if (driver === undefined || snapshot.deletedAt !== null || !isDated(snapshot)) continue;
    const ages = byDriver.get(driver) ?? { seen: 0, old: 0, oldest: snapshot };
    byDriver.set(driver, ages);
    ages.seen += 1;
    if (isOld(snapshot.createdAt)) ages.old += 1;
    if (isOlder(snapshot, ages.oldest)) ages.oldest = snapshot;
  }
  return byDriver;
}

export const snapshotRetention = defineCheck({
  id: 'snapshot-retention',
  category: 'validation',
  severity: 'low',
  component: 'retention',
  title: 'VolumeSnapshots are not kept for longer than they are to be',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['volumeSnapshots', 'volumeSnapshotContents', 'parents'],
  consults: [],
  steps: [
    'List them by age: `kubectl get volumesnapshot -A --sort-by=.metadata.creationTimestamp`.',
    'Ask whoever made them, and delete those that nobody needs: each holds the space of what has changed since.',
    'Have whatever makes them delete them as well, or raise `monitor.snapshot_retention`.',
  ],

  *inspect({ volumeSnapshots, volumeSnapshotContents, parents }, { home, now, policy }) {
    const retention = policy.thresholds.snapshotRetention;
    // Nobody said how long is too long.
    if (retention === null) return;
    const byDriver = agesByDriver(volumeSnapshots, volumeSnapshotContents, (createdAt) =>
      isBeyondRetention(createdAt, retention, now),
    );
    for (const [driver, ages] of byDriver) {
      if (!parents.isTrueNasDriver(home, driver)) continue;
      yield {
        subject: refInCluster('CsiDriver', { cluster: home, name: driver }),
        sound: ages.old === 0,
        seen: wordsOf(ages, retention, now),
      };
    }
  },
});
