import { type Evidence } from '../correlate/correlate.ts';
import { type Size } from '../model/quantity.ts';
import { type Dataset } from '../model/truenas.ts';
import { bytes, type Bytes } from '../model/units.ts';

/** What space is measured by. */
export type Measurable = Pick<Evidence, 'inventory' | 'derived'>;

export const NOTHING = bytes(0);

/** A sum that stays a size: larger ones than a safe integer are kept as the largest. */
export function total(sizes: Iterable<number>): Bytes {
  let sum = 0;
  for (const size of sizes) sum += size;
  return bytes(Math.min(Math.max(0, Math.round(sum)), Number.MAX_SAFE_INTEGER));
}

export function bytesOf(size: Size | null): Bytes | null {
  return size?.bytes ?? null;
}

/** What a dataset itself takes, without snapshots and without what lies below it; null where ZFS did not tell. */
export function ownBytes({ usedByDataset, used }: Dataset): Bytes | null {
  return bytesOf(usedByDataset ?? used);
}

/** Physical bytes before compression; null where the ratio was not told. */
export function logicalOf(physical: number, ratio: number | null): Bytes | null {
  return ratio === null ? null : total([physical * ratio]);
}
