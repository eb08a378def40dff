import { type SpaceNow } from '../model/analysis.ts';
import { type Space } from '../model/history.ts';

/** A part of a whole; null where the whole is nothing, or one of them is not known. */
export function ratioOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/** Finer than anybody needs, and coarse enough that a size and its ratio give the ratio back. */
const PRECISION = 10_000;

/** Logical against physical bytes, so that of several volumes the large ones count for more. */
export function compressionOf({ logical, used, snapshots }: Space): number | null {
  const ratio = ratioOf(logical, used + snapshots);
  return ratio === null ? null : Math.max(1, Math.round(ratio * PRECISION) / PRECISION);
}

export function spaceNow(space: Space): SpaceNow {
  const { provisioned, used, snapshots, snapshotCount } = space;
  return { provisioned, used, snapshots, snapshotCount, compression: compressionOf(space) };
}
