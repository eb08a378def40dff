import { type PersistentVolume } from '../model/kubernetes.ts';
import { type Dataset } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type KnownParent } from './known-parent.ts';
import { leafName, parentPath } from './paths.ts';

/** A parent of which is not yet known who was seen there. */
export type UnsightedParent = Omit<KnownParent, 'unseenBy'>;

/** What is needed to tell whose volumes lie where. */
export interface Landmarks {
  /** Names of the clusters in view. */
  readonly registered: readonly string[];
  /** The parents in which the driver of a cluster works. */
  readonly homesOf: (cluster: string, driver: string) => readonly UnsightedParent[];
  readonly index: DatasetIndex;
}

/**
 * Whether a dataset is the volume of a handle, and not merely called alike: hashed and templated handles are the same in many a
 * cluster. csi.truenas.io writes no name on what it makes, and its handle is the whole path.
 */
function isNamed({ properties: { csiVolumeName } }: Dataset, handle: string): boolean {
  return csiVolumeName === null ? handle.includes('/') : csiVolumeName === leafName(handle);
}

/** Clusters of which a volume was found below each parent. Once all parents of a cluster are, no more of it is looked at. */
class Sightings {
  readonly #seen: ReadonlyMap<UnsightedParent, Set<string>>;
  readonly #byPath = new BySystem<UnsightedParent>();
  readonly #unsettled: ReadonlyMap<string, Set<UnsightedParent>>;
  readonly #marks: Landmarks;

  constructor(parents: readonly UnsightedParent[], marks: Landmarks) {
    this.#marks = marks;
    this.#seen = new Map(parents.map((parent) => [parent, new Set()]));
    for (const parent of parents) this.#byPath.set(parent.system, parent.path, parent);
    this.#unsettled = new Map(
      marks.registered.map((name) => [
        name,
        new Set(parents.filter(({ clusters }) => clusters?.includes(name) ?? true)),
      ]),
    );
  }

  add(pv: PersistentVolume): void {
    const unsettled = this.#unsettled.get(pv.cluster);
    if (unsettled === undefined || unsettled.size === 0) return;
    for (const parent of this.#placesOf(pv, unsettled)) {
      if (unsettled.delete(parent)) this.#seen.get(parent)?.add(pv.cluster);
    }
  }

  *#placesOf(
    { cluster, name, source }: PersistentVolume,
    unsettled: ReadonlySet<UnsightedParent>,
  ): Iterable<UnsightedParent> {
    const { index, homesOf } = this.#marks;
    const named = index.byVolumeName(name);
    for (const { system, id } of named) {
      const parent = this.#byPath.get(system, parentPath(id));
      if (parent !== undefined) yield parent;
    }
    if (source.kind !== 'csi') return;
    const { driver, handle } = source;
    for (const home of homesOf(cluster, driver)) {
      const dataset = unsettled.has(home) ? index.volumeBelow(home, handle, named) : undefined;
      if (dataset !== undefined && isNamed(dataset, handle)) yield home;
    }
  }

  has(parent: UnsightedParent, cluster: string): boolean {
    return this.#seen.get(parent)?.has(cluster) ?? false;
  }

  /**
   * Clusters that are the right ones beyond doubt: each shows a volume below a parent in which no other cluster makes any, be it
   * registered or not.
   */
  proven(): ReadonlySet<string> {
    const proven = new Set<string>();
    for (const [{ clusters, exclusive }, names] of this.#seen) {
      const [only, ...others] = clusters ?? this.#marks.registered;
      if (!exclusive || only === undefined || others.length > 0) continue;
      if (names.has(only)) proven.add(only);
    }
    return proven;
  }
}

/**
 * Adds to each parent the clusters that may use it and were not seen to: not one of their volumes was found there. Volumes
 * somewhere else prove nothing, because the cluster a wrong context leads to has some too.
 */
export function withSightings(
  parents: readonly UnsightedParent[],
  volumes: readonly PersistentVolume[],
  marks: Landmarks,
): readonly KnownParent[] {
  const sightings = new Sightings(parents, marks);
  for (const pv of volumes) sightings.add(pv);
  const proven = sightings.proven();
  return parents.map((parent) => ({
    ...parent,
    unseenBy: marks.registered.filter(
      (name) =>
        (parent.clusters?.includes(name) ?? true) &&
        !proven.has(name) &&
        !sightings.has(parent, name),
    ),
  }));
}
