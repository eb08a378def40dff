import { type LabPool } from './nas-objects.ts';

const GIB = 2 ** 30;

/** What ZFS keeps of a pool for itself, so that deleting still works when it is full: a 32nd, 128 GiB at most. */
function slopOf(space: number): number {
  return Math.min(128 * GIB, Math.floor(space / 32));
}

/** What datasets can fill at all: without parity, and without what ZFS keeps for itself. */
export function usableOf({ size, parity = 1 }: Pick<LabPool, 'size' | 'parity'>): number {
  const space = Math.floor(size / parity);
  return space - slopOf(space);
}

/** Size of the pool, parity included, of which this much is usable. */
export function sizeForUsable(usable: number): number {
  const small = Math.ceil((usable * 32) / 31);
  return small > 4096 * GIB ? usable + 128 * GIB : small;
}
