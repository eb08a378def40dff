import { type SnapshotsAnalysis } from '../../model/analysis.ts';

/** Snapshots without a VolumeSnapshot; null where one of the numbers it takes is not known. */
export function unmappedOf({
  count,
  mapped,
}: Pick<SnapshotsAnalysis, 'count' | 'mapped'>): number | null {
  return count === null || mapped === null ? null : Math.max(0, count - mapped);
}
