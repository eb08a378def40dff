import { type Inventory } from '../model/inventory.ts';
import {
  type ClassSeries,
  type Estate,
  type PoolSeries,
  type VolumeKey,
  type VolumeSeries,
} from '../model/history.ts';

/** What earlier scans saw. */
export interface PastSpace {
  readonly pools: readonly PoolSeries[];
  readonly classes: readonly ClassSeries[];
  /** One after the other: together they may be more than memory holds. */
  readonly volumes: Iterable<VolumeSeries>;
}

/** Where the clusters and systems of a scan are found in the history: those whose identity is known. */
export function estateOf({ clusters, systems }: Pick<Inventory, 'clusters' | 'systems'>): Estate {
  return {
    clusters: clusters.flatMap(({ identity }) => identity.uid ?? []),
    systems: systems.flatMap(({ identity }) => identity.hostId ?? []),
  };
}

/** Keys under which the history knows what a scan saw. What does not say who it is has one that nothing in the history has. */
export class PastKeys {
  readonly #uids: ReadonlyMap<string, string | null>;
  readonly #hostIds: ReadonlyMap<string, string | null>;

  constructor({ clusters, systems }: Pick<Inventory, 'clusters' | 'systems'>) {
    this.#uids = new Map(clusters.map(({ identity }) => [identity.name, identity.uid]));
    this.#hostIds = new Map(systems.map(({ identity }) => [identity.name, identity.hostId]));
  }

  ofPool(system: string, pool: { readonly name: string; readonly guid: string | null }): string {
    return poolKey(this.#hostIds.get(system) ?? `system ${system}`, pool.guid ?? pool.name);
  }

  ofClass(cluster: string, storageClass: string): string {
    return classKey(this.#uids.get(cluster) ?? `cluster ${cluster}`, storageClass);
  }

  ofVolume(
    system: string,
    dataset: Omit<VolumeKey, 'hostId' | 'dataset'> & { readonly id: string },
  ): string {
    const hostId = this.#hostIds.get(system) ?? `system ${system}`;
    return volumeKey({ hostId, dataset: dataset.id, createdAt: dataset.createdAt });
  }
}

export function poolKey(hostId: string, pool: string): string {
  return `${hostId} ${pool}`;
}

export function classKey(clusterUid: string, storageClass: string): string {
  return `${clusterUid} ${storageClass}`;
}

export function volumeKey({ hostId, dataset, createdAt }: VolumeKey): string {
  return `${hostId} ${dataset} ${createdAt === null ? '' : String(createdAt.getTime())}`;
}
