import { type Dataset } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { type ParentIndex } from './parents.ts';

/** Volumes of one system that nobody claims and are younger than every PersistentVolume a cluster knows. */
export interface Latecomers {
  /** When the youngest of its PersistentVolumes was made. */
  readonly since: Date;
  readonly count: number;
}

/** When each cluster made its last PersistentVolume, of whatever storage. */
export class LastVolumes {
  readonly #byCluster = new Map<string, Date>();

  add(cluster: string, createdAt: Date | null): void {
    if (createdAt === null) return;
    const last = this.#byCluster.get(cluster);
    if (last === undefined || last.getTime() < createdAt.getTime())
      this.#byCluster.set(cluster, createdAt);
  }

  /** @param unclaimed volumes on the NAS that nobody claims */
  latecomersTo(
    unclaimed: () => readonly Dataset[],
    parents: ParentIndex,
  ): (cluster: string, system: string) => Latecomers | undefined {
    const known = new BySystem<Latecomers>();
    const mayUse = (cluster: string, { system, id }: Dataset): boolean =>
      parents.parentOf(system, id)?.clusters?.includes(cluster) ?? true;
    const countSince = (since: Date, cluster: string, system: string): number =>
      unclaimed().filter(
        (dataset) =>
          dataset.system === system &&
          dataset.createdAt !== null &&
          dataset.createdAt > since &&
          mayUse(cluster, dataset),
      ).length;
    return (cluster, system) => {
      const since = this.#byCluster.get(cluster);
      if (since === undefined) return undefined;
      return known.of(system, cluster, () => ({
        since,
        count: countSince(since, cluster, system),
      }));
    };
  }
}
