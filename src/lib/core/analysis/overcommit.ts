import { type PoolAnalysis } from '../model/analysis.ts';
import { ratioOf } from './ratios.ts';

/** The part of what was promised that nobody has to have; none of it where more is used than was promised. */
export function thinEfficiency(used: number | null, allocated: number | null): number | null {
  const part = ratioOf(used, allocated);
  return part === null ? null : Math.max(0, 1 - part);
}

/** What was promised on pools against what they have; those that do not tell their size are left out on both sides. Null where it is not known what was promised. */
export function overcommitOf(
  pools: readonly Pick<PoolAnalysis, 'provisioned' | 'capacity'>[],
): number | null {
  let promised = 0;
  let capacity = 0;
  for (const pool of pools) {
    if (pool.provisioned === null) return null;
    if (pool.capacity === null) continue;
    promised += pool.provisioned;
    capacity += pool.capacity;
  }
  return ratioOf(promised, capacity);
}
