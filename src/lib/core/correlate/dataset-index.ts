import { type Dataset, type DriverProperties } from '../model/truenas.ts';
import { parentPath, trimSlashes } from './paths.ts';

/** Datasets of every system, by the ways other objects refer to them. */
export interface DatasetIndex {
  find(system: string, path: string): Dataset | undefined;
  /** Datasets of any system at this mount path, or that contain it: the nearest one of each system. */
  holding(mountPath: string): readonly { readonly dataset: Dataset; readonly exact: boolean }[];
  /** Datasets that carry this volume name themselves, not inherited from the dataset above. */
  byVolumeName(name: string): readonly Dataset[];
  /** Datasets cloned from a snapshot. */
  clonesOf(system: string, snapshotId: string): readonly Dataset[];
  /** Whether some dataset was cloned from a snapshot of this one. */
  clonesOfDataset(dataset: Dataset): readonly Dataset[];
  /** Whether a driver property was set on this dataset: it differs from the value of the dataset above. */
  owns(dataset: Dataset, property: 'csiVolumeName' | 'csiSnapshotName'): boolean;
}

interface OneSystem {
  readonly byPath: Map<string, Dataset>;
  readonly byMountpoint: Map<string, Dataset>;
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
      system = { byPath: new Map(), byMountpoint: new Map() };
      systems.set(dataset.system, system);
    }
    system.byPath.set(dataset.id, dataset);
    if (dataset.mountpoint !== null) system.byMountpoint.set(dataset.mountpoint, dataset);
  }
  return systems;
}

/** The dataset at a mount path, or else the nearest one above it. */
function nearest(
  system: OneSystem,
  mountPath: string,
): { dataset: Dataset; exact: boolean } | undefined {
  let path = `/${trimSlashes(mountPath)}`;
  for (let exact = true; path.length > 1; exact = false) {
    const dataset = system.byMountpoint.get(path);
    if (dataset !== undefined) return { dataset, exact };
    path = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  }
  return undefined;
}

/** Indexes the datasets of all systems once, for every join that follows. */
export function indexDatasets(datasets: readonly Dataset[]): DatasetIndex {
  const systems = indexSystems(datasets);
  const find = (system: string, path: string): Dataset | undefined =>
    systems.get(system)?.byPath.get(path);
  const owns = (dataset: Dataset, property: keyof DriverProperties): boolean => {
    const value = dataset.properties[property];
    if (value === null) return false;
    return find(dataset.system, parentPath(dataset.id))?.properties[property] !== value;
  };
  const byVolumeName = new Map<string, Dataset[]>();
  const clones = new Map<string, Dataset[]>();
  const clonedDatasets = new Map<string, Dataset[]>();
  for (const dataset of datasets) {
    const name = dataset.properties.csiVolumeName;
    if (name !== null && owns(dataset, 'csiVolumeName')) append(byVolumeName, name, dataset);
    if (dataset.origin !== null) {
      append(clones, `${dataset.system} ${dataset.origin}`, dataset);
      append(clonedDatasets, `${dataset.system} ${dataset.origin.split('@', 1)[0] ?? ''}`, dataset);
    }
  }
  return {
    find,
    owns,
    holding: (mountPath) =>
      [...systems.values()].flatMap((system) => nearest(system, mountPath) ?? []),
    byVolumeName: (name) => byVolumeName.get(name) ?? [],
    clonesOf: (system, snapshotId) => clones.get(`${system} ${snapshotId}`) ?? [],
    clonesOfDataset: (dataset) => clonedDatasets.get(`${dataset.system} ${dataset.id}`) ?? [],
  };
}
