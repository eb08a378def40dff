import { randomBytes } from 'node:crypto';
import { type LabSystem } from '../scenario/world.ts';

/** Transaction group of the next change: above every one so far. */
export function nextTxg({ datasets, snapshots }: LabSystem): number {
  let highest = 0;
  for (const { createtxg } of datasets) highest = Math.max(highest, createtxg);
  for (const { createtxg } of snapshots) highest = Math.max(highest, createtxg);
  return highest + 1;
}

export function newGuid(): string {
  return randomBytes(8).readBigUInt64BE().toString();
}
