import { type Rule } from '../model/rule.ts';

/**
 * Rules whose findings are destroyed without having been put aside: what stands in for a quarantine is that this tool has seen the
 * object unclaimed all the while, not merely at both ends of it.
 */
export const WATCHED_RULES: readonly string[] = [
  'zfs-snapshot-unclaimed',
  'temp-snapshot-leftover',
];

export function isWatched({ id }: Pick<Rule, 'id'>): boolean {
  return WATCHED_RULES.includes(id);
}
