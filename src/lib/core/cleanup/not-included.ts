import { type CleanupPlan } from './plan-schema.ts';

/** A snapshot that was named to go with its dataset, and does not. */
export interface NotIncluded {
  readonly snapshot: string;
  readonly reason: string;
}

/**
 * Snapshots that somebody named and no step deletes: whoever mistypes one would else believe that it goes.
 *
 * @param named as `dataset@name`
 * @param listed every snapshot that was read
 */
export function notIncluded(
  named: readonly string[],
  { steps }: Pick<CleanupPlan, 'steps'>,
  listed: ReadonlySet<string>,
): readonly NotIncluded[] {
  const deleted = new Set(
    steps.flatMap(({ change }) => (change.type === 'delete-snapshot' ? change.snapshot : [])),
  );
  return [...new Set(named)]
    .filter((snapshot) => !deleted.has(snapshot))
    .map((snapshot) => ({
      snapshot,
      reason: listed.has(snapshot)
        ? 'nothing in this plan destroys the dataset of this snapshot'
        : 'no such snapshot was seen on TrueNAS',
    }));
}
