import { type Dataset } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { type Claims } from './claims.ts';
import { type KnownParent } from './known-parent.ts';

/** How much of a parent nobody claims: above a limit that says more about the reader than about the volumes. */
export interface ParentUse {
  readonly managed: number;
  readonly unclaimed: number;
}

/** How many volumes a parent should hold, and how many of them it does not. */
export interface ParentLoss {
  readonly volumes: number;
  readonly missing: number;
}

/**
 * Counts the volumes of each parent that nobody claims.
 *
 * @param managed whole volumes, each with its parent
 */
export function countUse(
  managed: ReadonlyMap<Dataset, KnownParent>,
  claims: Claims,
): (parent: KnownParent) => ParentUse {
  const uses = new BySystem<{ managed: number; unclaimed: number }>();
  for (const [dataset, { system, path }] of managed) {
    const use = uses.of(system, path, () => ({ managed: 0, unclaimed: 0 }));
    use.managed += 1;
    if (!claims.has(dataset)) use.unclaimed += 1;
  }
  return ({ system, path }) => uses.get(system, path) ?? { managed: 0, unclaimed: 0 };
}

/** Counts the volumes of each parent, and those whose dataset is missing. */
export class LossCount {
  readonly #losses = new BySystem<Map<string, { volumes: number; missing: number }>>();

  add({ system, path }: KnownParent, cluster: string, missing: boolean): void {
    const byCluster = this.#losses.of(system, path, () => new Map());
    const loss = byCluster.get(cluster) ?? { volumes: 0, missing: 0 };
    byCluster.set(cluster, loss);
    loss.volumes += 1;
    if (missing) loss.missing += 1;
  }

  of(parent: KnownParent): ParentLoss {
    return this.ofClusters(parent).reduce(
      (sum, { volumes, missing }) => ({
        volumes: sum.volumes + volumes,
        missing: sum.missing + missing,
      }),
      { volumes: 0, missing: 0 },
    );
  }

  /** The same for each cluster: what one of them lost is little beside what all have. */
  ofClusters({ system, path }: KnownParent): readonly ParentLoss[] {
    return [...(this.#losses.get(system, path)?.values() ?? [])];
  }
}
