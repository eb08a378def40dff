import { parentPath, poolName } from '../../core/correlate/paths.ts';

/** The dataset to list in order to see this one: the one above, or the pool, which has none above. */
export function listingRootOf(dataset: string): string {
  const parent = parentPath(dataset);
  return parent === '' ? dataset : parent;
}

export function datasetOf(snapshot: string): string {
  return snapshot.split('@', 1)[0] ?? snapshot;
}

/** Pool of a snapshot, which may be one of the pool's root dataset. */
export function poolOfSnapshot(id: string): string {
  return poolName(datasetOf(id));
}
