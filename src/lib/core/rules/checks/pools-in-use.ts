import { poolName } from '../../correlate/paths.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { type Severity } from '../../model/finding.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Dataset, type Pool } from '../../model/truenas.ts';

export function refToPool({ system, name }: Pick<Pool, 'system' | 'name'>): ResourceRef {
  return refOnSystem('Pool', system, name);
}

/** Whether drivers make volumes on a pool. Where nothing is known of any driver there, each pool may be the one. */
export function isInUse(
  { system, name }: Pick<Pool, 'system' | 'name'>,
  parents: ParentIndex,
): boolean {
  const here = parents.all.filter((parent) => parent.system === system);
  return here.length === 0 || here.some(({ path }) => poolName(path) === name);
}

/** What happens to a pool without volumes is worth knowing, and puts no volume out of service. */
export function severityOn(pool: Pool, parents: ParentIndex, severity: Severity): Severity {
  return severity === 'critical' && !isInUse(pool, parents) ? 'high' : severity;
}

/** Root datasets of one system, by pool. */
export function rootsOf(datasets: readonly Dataset[]): ReadonlyMap<string, Dataset> {
  return new Map(datasets.flatMap((each) => (each.id === each.pool ? [[each.pool, each]] : [])));
}
