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

/** The first and the last of some instants. */
class Range {
  oldest: Date | null = null;
  newest: Date | null = null;

  add(instant: Date): void {
    if (this.oldest === null || instant < this.oldest) this.oldest = instant;
    if (this.newest === null || instant > this.newest) this.newest = instant;
  }
}

/** @param snapshots undefined where they were not all listed */
export function countSnapshots(
  snapshots: readonly ZfsSnapshot[] | undefined,
  { links, dates, retention, now }: SnapshotView,
): SnapshotCounts {
  if (snapshots === undefined) return UNSEEN;
  const range = new Range();
  let undated = 0;
  let beyond = 0;
  for (const snapshot of snapshots) {
    const takenAt = dates(snapshot);
    if (takenAt === null) {
      undated += 1;
      continue;
    }
    range.add(takenAt);
    if (retention !== null && isBeyondRetention(takenAt, retention, now)) beyond += 1;
  }
  return {
    count: snapshots.length,
    mapped: snapshots.filter((snapshot) => links.isClaimed(snapshot)).length,
    oldest: range.oldest,
    newest: range.newest,
    beyondRetention: retention === null ? null : beyond,
    undated,
  };
}

export function snapshotsOfVolume(
  snapshots: readonly ZfsSnapshot[] | undefined,
  bytes: Bytes,
  bytesPerDay: number | null,
  view: SnapshotView,
): VolumeSnapshots {
  return { ...countSnapshots(snapshots, view), bytes, bytesPerDay };
}
