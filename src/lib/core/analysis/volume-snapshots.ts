import { type SnapshotLinks } from '../correlate/match-snapshots.ts';
import { type VolumeSnapshots } from '../model/analysis.ts';
import { type ZfsSnapshot } from '../model/truenas.ts';
import { type Bytes, type Millis } from '../model/units.ts';
import { isBeyondRetention, type SnapshotDates } from './snapshot-dates.ts';

/** What it takes to speak of snapshots. */
export interface SnapshotView {
  readonly links: Pick<SnapshotLinks, 'isClaimed'>;
  readonly dates: SnapshotDates;
  readonly retention: Millis | null;
  readonly now: Date;
}

/** Counts of some snapshots. */
export type SnapshotCounts = Omit<VolumeSnapshots, 'bytes' | 'bytesPerDay'>;

const UNSEEN: SnapshotCounts = {
  count: null,
  mapped: null,
  oldest: null,
  newest: null,
  beyondRetention: null,
  undated: null,
};

/** @param snapshots undefined where they were not all listed */
export function countSnapshots(
  snapshots: Iterable<ZfsSnapshot> | undefined,
  { links, dates, retention, now }: SnapshotView,
): SnapshotCounts {
  if (snapshots === undefined) return UNSEEN;
  const counts = { count: 0, mapped: 0, undated: 0, beyond: 0 };
  let oldest: Date | null = null;
  let newest: Date | null = null;
  for (const snapshot of snapshots) {
    counts.count += 1;
    if (links.isClaimed(snapshot)) counts.mapped += 1;
    const takenAt = dates(snapshot);
    if (takenAt === null) {
      counts.undated += 1;
      continue;
    }
    if (oldest === null || takenAt < oldest) oldest = takenAt;
    if (newest === null || takenAt > newest) newest = takenAt;
    if (retention !== null && isBeyondRetention(takenAt, retention, now)) counts.beyond += 1;
  }
  const { count, mapped, undated, beyond } = counts;
  const beyondRetention = retention === null ? null : beyond;
  return { count, mapped, oldest, newest, beyondRetention, undated };
}

export function snapshotsOfVolume(
  snapshots: readonly ZfsSnapshot[] | undefined,
  bytes: Bytes,
  bytesPerDay: number | null,
  view: SnapshotView,
): VolumeSnapshots {
  return { ...countSnapshots(snapshots, view), bytes, bytesPerDay };
}
