import { type ParentIndex } from '../../correlate/parents.ts';
import { type Dataset } from '../../model/truenas.ts';

/** A dataset or zvol that drivers made for a volume, with the size they promised. */
export interface PromisedVolume {
  readonly dataset: Dataset;
  readonly promised: number;
}

/** Volumes of drivers with a size of their own, by pool: what lies right below their parents. Every pool that holds a parent has an entry. */
export function volumesByPool(
  datasets: readonly Dataset[],
  parents: ParentIndex,
): ReadonlyMap<string, readonly PromisedVolume[]> {
  const pools = new Map<string, PromisedVolume[]>();
  for (const dataset of datasets) {
    const { system, id, pool, refquota, volsize } = dataset;
    if (parents.parentOf(system, id) === undefined) continue;
    const promised = (volsize ?? refquota)?.bytes ?? 0;
    if (promised === 0) continue;
    const volumes = pools.get(pool);
    if (volumes === undefined) pools.set(pool, [{ dataset, promised }]);
    else volumes.push({ dataset, promised });
  }
  return pools;
}
