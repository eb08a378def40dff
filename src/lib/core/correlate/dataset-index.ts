import { lazy } from '../model/lazy.ts';
import { type Dataset } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { isPossibleBelow, type KnownParent } from './known-parent.ts';
import { parentPath, trimSlashes } from './paths.ts';

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
   * @param name of the volume, which its driver wrote on the dataset: so nearly every one is found without its path being put together
   */
  volumeBelow(
    parent: Pick<KnownParent, 'system' | 'path'>,
    handle: string,
    name: string,
  ): Dataset | undefined;
  /** Datasets that carry this volume name themselves, not inherited from the dataset above. */
  byVolumeName(name: string): readonly Dataset[];
  /** Datasets cloned from a snapshot. */
  clonesOf(system: string, snapshotId: string): readonly Dataset[];
  /** Whether some dataset was cloned from a snapshot of this one. */
  clonesOfDataset(dataset: Pick<Dataset, 'system' | 'id'>): readonly Dataset[];
  /** Ids of the datasets right below this one. */
  childrenOf(dataset: Pick<Dataset, 'system' | 'id'>): readonly string[];
  /** Whether the volume name a dataset carries was set on it: it differs from that of the dataset above. */
  ownsVolumeName(dataset: Dataset): boolean;
}

interface Mountpoints {
  readonly byMountpoint: Map<string, Dataset>;
  /** The further datasets of a mount point, where there are any. */
  readonly others: Map<string, Dataset[]>;
}

interface OneSystem extends Mountpoints {
  readonly byPath: Map<string, Dataset>;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function indexSystems(datasets: readonly Dataset[]): Map<string, OneSystem> {
  const systems = new Map<string, OneSystem>();
  for (const dataset of datasets) {
    let system = systems.get(dataset.system);
    if (system === undefined) {
      system = { byPath: new Map(), byMountpoint: new Map(), others: new Map() };
      systems.set(dataset.system, system);
    }
    system.byPath.set(dataset.id, dataset);
    addMountpoint(system, dataset, dataset.mountpoint);
  }
  return systems;
}

/** The mount points of each system in small letters. */
function inSmallLetters(datasets: readonly Dataset[]): Map<string, Mountpoints> {
  const systems = new Map<string, Mountpoints>();
  for (const dataset of datasets) {
    const system = systems.get(dataset.system) ?? { byMountpoint: new Map(), others: new Map() };
    systems.set(dataset.system, system);
    addMountpoint(system, dataset, dataset.mountpoint?.toLowerCase() ?? null);
  }
  return systems;
}

function addMountpoint(
  { byMountpoint, others }: Mountpoints,
  dataset: Dataset,
  mountpoint: string | null,
): void {
  if (mountpoint === null) return;
  if (byMountpoint.has(mountpoint)) append(others, mountpoint, dataset);
  else byMountpoint.set(mountpoint, dataset);
}

/** The dataset at a mount path, or else the nearest one above it. */
function nearest(system: Mountpoints, mountPath: string): { dataset: Dataset; exact: boolean }[] {
  let path = `/${trimSlashes(mountPath)}`;
  for (let exact = true; path.length > 1; exact = false) {
    const dataset = system.byMountpoint.get(path);
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
    path.endsWith(leaf)
  );
}

/** Indexes the datasets of all systems once, for every join that follows. */
export function indexDatasets(datasets: readonly Dataset[]): DatasetIndex {
  const systems = indexSystems(datasets);
  const find = (system: string, path: string): Dataset | undefined =>
    systems.get(system)?.byPath.get(path);
  // Few do, so that nearly every dataset is told by a look into next to nothing.
  const inheriting = new Set<Dataset>();
  const byVolumeName = new Map<string, Dataset[]>();
  const clones = new Map<string, Dataset[]>();
  const clonedDatasets = new Map<string, Dataset[]>();
  for (const dataset of datasets) {
    const name = dataset.properties.csiVolumeName;
    if (name !== null) {
      const above = find(dataset.system, parentPath(dataset.id));
      if (above?.properties.csiVolumeName === name) inheriting.add(dataset);
      else append(byVolumeName, name, dataset);
    }
    if (dataset.origin !== null) {
      append(clones, `${dataset.system} ${dataset.origin}`, dataset);
      append(clonedDatasets, `${dataset.system} ${dataset.origin.split('@', 1)[0] ?? ''}`, dataset);
    }
  }
  // Only asked of the few datasets that nobody claims.
  const children = lazy(() => {
    const byParent = new BySystem<string[]>();
    for (const { system, id } of datasets) {
      byParent.of(system, parentPath(id), () => []).push(id);
    }
    return byParent;
  });
  const small = lazy(() => inSmallLetters(datasets));
  return {
    find,
    volumeBelow: (parent, handle, name) => {
      const { system, path } = parent;
      if (handle.includes('/')) {
        return isPossibleBelow(parent, handle) ? find(system, handle) : undefined;
      }
      for (const each of byVolumeName.get(name) ?? NONE) {
        if (each.system === system && isLeafBelow(each.id, path, handle)) return each;
      }
      return find(system, `${path}/${handle}`);
    },
    ownsVolumeName: (dataset) =>
      dataset.properties.csiVolumeName !== null && !inheriting.has(dataset),
    childrenOf: ({ system, id }) => children().get(system, id) ?? [],
    holding: (mountPath, anyCase = false) => {
      const path = anyCase ? mountPath.toLowerCase() : mountPath;
      return [...(anyCase ? small() : systems).values()].flatMap((each) => nearest(each, path));
    },
    byVolumeName: (name) => byVolumeName.get(name) ?? NONE,
    clonesOf: (system, snapshotId) => clones.get(`${system} ${snapshotId}`) ?? [],
    clonesOfDataset: (dataset) => clonedDatasets.get(`${dataset.system} ${dataset.id}`) ?? [],
  };
}
