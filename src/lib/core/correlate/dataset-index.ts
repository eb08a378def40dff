import { lazy } from '../model/lazy.ts';
import { type Dataset } from '../model/truenas.ts';
import { ListsBySystem } from './by-system.ts';
import {
  append,
  datasetsById,
  datasetsByMountpoint,
  indexMountpoints,
  type Mountpoints,
} from './listed-by.ts';
import { isPossibleBelow, type KnownParent } from './known-parent.ts';
import { trimSlashes } from './paths.ts';
import { type Siblings, siblingsIn } from './siblings.ts';

/** Datasets of every system, by the ways other objects refer to them. */
export interface DatasetIndex {
  find(system: string, path: string): Dataset | undefined;
  /**
   * Datasets of any system at this mount path, or that contain it: the nearest of each system. A replica may keep the mount
   * point it was sent with, and then there are two.
   *
   * @param anyCase whether the path may be written in other capitals, as SMB allows
   */
  holding(
    mountPath: string,
    anyCase?: boolean,
  ): readonly { readonly dataset: Dataset; readonly exact: boolean }[];
  /**
   * What a volume of this handle has below a parent.
   *
   * @param named datasets that carry its name, which its driver wrote there: so nearly every one is found without its path being put together
   */
  volumeBelow(
    parent: Pick<KnownParent, 'system' | 'path'>,
    handle: string,
    named: readonly Dataset[],
  ): Dataset | undefined;
  /** Datasets that carry this volume name themselves, not inherited from the dataset above. */
  byVolumeName(name: string): readonly Dataset[];
  /** Datasets cloned from a snapshot. */
  clonesOf(system: string, snapshotId: string): readonly Dataset[];
  /** Whether some dataset was cloned from a snapshot of this one. */
  clonesOfDataset(dataset: Pick<Dataset, 'system' | 'id'>): readonly Dataset[];
  /** All datasets, by what they lie right below. */
  readonly siblings: readonly Siblings[];
  hasChildren(system: string, path: string): boolean;
  /** Ids of the datasets right below this one. */
  childrenOf(dataset: Pick<Dataset, 'system' | 'id'>): readonly string[];
  /** Whether the volume name a dataset carries was set on it: it differs from that of the dataset above. */
  ownsVolumeName(dataset: Dataset): boolean;
}

/** The datasets of each system: of one alone the list itself, so that rules use what is made of it here. */
function listsOf(datasets: readonly Dataset[]): ReadonlyMap<string, readonly Dataset[]> {
  const [first] = datasets;
  if (first === undefined) return new Map();
  return datasets.every(({ system }) => system === first.system)
    ? new Map([[first.system, datasets]])
    : Map.groupBy(datasets, ({ system }) => system);
}

/** The dataset at a mount path, or else the nearest one above it. */
function nearest(system: Mountpoints, mountPath: string): { dataset: Dataset; exact: boolean }[] {
  let path = `/${trimSlashes(mountPath)}`;
  for (let exact = true; path.length > 1; exact = false) {
    const dataset = system.first.get(path);
    if (dataset !== undefined) {
      return [dataset, ...(system.others.get(path) ?? [])].map((each) => ({
        dataset: each,
        exact,
      }));
    }
    path = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  }
  return [];
}

const NONE: readonly Dataset[] = [];

/** Whether a path is that of this leaf right below a parent: as putting the two together would tell, without doing so. */
function isLeafBelow(path: string, parent: string, leaf: string): boolean {
  const { length } = parent;
  return (
    path.length === length + 1 + leaf.length &&
    path[length] === '/' &&
    path.startsWith(parent) &&
    path.slice(length + 1) === leaf
  );
}

/** Indexes the datasets of all systems once, for every join that follows. */
export function indexDatasets(datasets: readonly Dataset[]): DatasetIndex {
  const lists = listsOf(datasets);
  const systems = new Map([...lists].map(([system, list]) => [system, datasetsById(list)]));
  const find = (system: string, path: string): Dataset | undefined =>
    systems.get(system)?.get(path);
  // Few do, so that nearly every dataset is told by a look into next to nothing.
  const inheriting = new Set<Dataset>();
  const byVolumeName = new Map<string, Dataset[]>();
  const clones = new Map<string, Dataset[]>();
  const clonedDatasets = new Map<string, Dataset[]>();
  const siblings = siblingsIn(datasets);
  const children = new ListsBySystem<Siblings>();
  for (const each of siblings) {
    children.add(each.system, each.above, each);
    const inherited = find(each.system, each.above)?.properties.csiVolumeName ?? null;
    for (const dataset of each.datasets) {
      const name = dataset.properties.csiVolumeName;
      if (name === null) continue;
      if (name === inherited) inheriting.add(dataset);
      else append(byVolumeName, name, dataset);
    }
  }
  for (const dataset of datasets) {
    if (dataset.origin === null) continue;
    append(clones, `${dataset.system} ${dataset.origin}`, dataset);
    append(clonedDatasets, `${dataset.system} ${dataset.origin.split('@', 1)[0] ?? ''}`, dataset);
  }
  const mounted = lazy(() => [...lists.values()].map(datasetsByMountpoint));
  const inSmallLetters = lazy(() =>
    [...lists.values()].map((list) => indexMountpoints(list, (path) => path.toLowerCase())),
  );
  return {
    find,
    volumeBelow: (parent, handle, named) => {
      const { system, path } = parent;
      if (handle.includes('/')) {
        return isPossibleBelow(parent, handle) ? find(system, handle) : undefined;
      }
      for (const each of named) {
        if (each.system === system && isLeafBelow(each.id, path, handle)) return each;
      }
      return find(system, `${path}/${handle}`);
    },
    ownsVolumeName: (dataset) =>
      dataset.properties.csiVolumeName !== null && !inheriting.has(dataset),
    siblings,
    hasChildren: (system, path) => children.get(system, path).length > 0,
    childrenOf: ({ system, id }) =>
      children.get(system, id).flatMap((each) => each.datasets.map((child) => child.id)),
    holding: (mountPath, anyCase = false) => {
      const path = anyCase ? mountPath.toLowerCase() : mountPath;
      return (anyCase ? inSmallLetters() : mounted()).flatMap((each) => nearest(each, path));
    },
    byVolumeName: (name) => byVolumeName.get(name) ?? NONE,
    clonesOf: (system, snapshotId) => clones.get(`${system} ${snapshotId}`) ?? [],
    clonesOfDataset: (dataset) => clonedDatasets.get(`${dataset.system} ${dataset.id}`) ?? [],
  };
}
