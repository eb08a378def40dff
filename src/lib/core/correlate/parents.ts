import { type DriverConfig } from '../model/driver-config.ts';
import { type PersistentVolume } from '../model/kubernetes.ts';
import { BySystem } from './by-system.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { datasetPathOf, parentPath, trimSlashes } from './paths.ts';
import { isDemocraticCsi, isTrueNasDriverName, sharePathsOf } from './volume-handle.ts';

/** A dataset under which a driver makes its volumes. */
export interface KnownParent {
  readonly system: string;
  readonly path: string;
  /** Names of the CSI drivers that use it. */
  readonly drivers: readonly string[];
  /** Clusters those drivers run in; null for any registered cluster. */
  readonly clusters: readonly string[] | null;
  readonly detachedPaths: readonly string[];
  /** `instance_id` of every declared driver; empty where none is known. */
  readonly instanceIds: readonly string[];
  /** Declared to be used by the registered clusters alone. */
  readonly exclusive: boolean;
  /** Inferred parents never make anything certain. */
  readonly origin: 'declared' | 'inferred';
}

/**
 * Where a volume of this handle lies below a parent. Some drivers use the whole path as handle: undefined where
 * that is not below this parent.
 */
export function volumePathBelow(parent: KnownParent, handle: string): string | undefined {
  if (!handle.includes('/')) return `${parent.path}/${handle}`;
  return handle.startsWith(`${parent.path}/`) ? handle : undefined;
}

export interface ParentIndex {
  readonly all: readonly KnownParent[];
  find(system: string, path: string): KnownParent | undefined;
  /** The known parent of which this is a direct child. */
  parentOf(system: string, datasetPath: string): KnownParent | undefined;
  forDriver(cluster: string, driver: string): readonly KnownParent[];
  /** Whether TrueNAS stands behind this CSI driver, as far as anything says so. */
  isTrueNasDriver(cluster: string, driver: string): boolean;
}

interface Draft {
  system: string;
  path: string;
  drivers: Set<string>;
  clusters: Set<string> | null;
  detachedPaths: Set<string>;
  instanceIds: Set<string>;
  exclusive: boolean;
  origin: 'declared' | 'inferred';
}

function declare(drafts: Map<string, Draft>, config: DriverConfig, system: string): void {
  const path = trimSlashes(config.parent);
  const key = `${system} ${path}`;
  let draft = drafts.get(key);
  if (draft === undefined) {
    draft = {
      system,
      path,
      drivers: new Set(),
      clusters: new Set(),
      detachedPaths: new Set(),
      instanceIds: new Set(),
      exclusive: true,
      origin: 'declared',
    };
    drafts.set(key, draft);
  }
  draft.drivers.add(config.driver);
  if (config.cluster === null) draft.clusters = null;
  else draft.clusters?.add(config.cluster);
  if (config.detachedSnapshotsParent !== null) {
    draft.detachedPaths.add(trimSlashes(config.detachedSnapshotsParent));
  }
  if (config.instanceId !== null) draft.instanceIds.add(config.instanceId);
  // Two entries that disagree cannot both be right, and the careful one loses nothing.
  draft.exclusive &&= config.exclusive;
}

/** Where a volume of an undeclared driver lies: named by its share, or found by the name it carries. */
function* inferredHomes(
  pv: PersistentVolume,
  index: DatasetIndex,
): Iterable<{ system: string; path: string }> {
  if (pv.source.kind !== 'csi') return;
  const handle = pv.source.handle;
  for (const share of sharePathsOf(pv.source)) {
    const path = datasetPathOf(share);
    if (path?.endsWith(`/${handle}`) !== true) continue;
    for (const { dataset } of index.holding(share))
      yield { system: dataset.system, path: parentPath(path) };
  }
  for (const dataset of index.byVolumeName(pv.name)) {
    if (dataset.id.endsWith(`/${handle}`))
      yield { system: dataset.system, path: parentPath(dataset.id) };
  }
}

/** Only a dataset that is there can be a parent: a share of another NAS may name the same path. */
function infer(
  drafts: Map<string, Draft>,
  pv: PersistentVolume,
  driver: string,
  index: DatasetIndex,
): void {
  for (const { system, path } of inferredHomes(pv, index)) {
    if (index.find(system, path) === undefined) continue;
    const key = `${system} ${path}`;
    const draft = drafts.get(key) ?? {
      system,
      path,
      drivers: new Set<string>(),
      clusters: new Set<string>(),
      detachedPaths: new Set<string>(),
      instanceIds: new Set<string>(),
      exclusive: false,
      origin: 'inferred' as const,
    };
    drafts.set(key, draft);
    if (draft.origin === 'declared') continue;
    draft.drivers.add(driver);
    draft.clusters?.add(pv.cluster);
  }
}

function appliesTo(config: DriverConfig, cluster: string): boolean {
  return config.cluster === null || config.cluster === cluster;
}

/**
 * Systems a declaration speaks of. Without a name it holds wherever its parent exists; where that is nowhere it stands for
 * all of them, so that each says it is missing.
 */
function homesOf(
  { system: named, parent }: DriverConfig,
  systems: readonly string[],
  index: DatasetIndex,
): readonly string[] {
  if (named !== null) return systems.filter((system) => system === named);
  const holding = systems.filter((system) => index.find(system, trimSlashes(parent)) !== undefined);
  return holding.length > 0 ? holding : systems;
}

/** Collects the parents that are declared, and infers those of drivers nobody declared. */
export function collectParents(
  configs: readonly DriverConfig[],
  systems: readonly string[],
  volumes: readonly PersistentVolume[],
  index: DatasetIndex,
): ParentIndex {
  const drafts = new Map<string, Draft>();
  for (const config of configs) {
    for (const system of homesOf(config, systems, index)) declare(drafts, config, system);
  }
  const seen = new Set<string>();
  for (const pv of volumes) {
    if (pv.source.kind !== 'csi' || !isDemocraticCsi(pv)) continue;
    const { driver } = pv.source;
    seen.add(`${pv.cluster} ${driver}`);
    if (!configs.some((config) => config.driver === driver && appliesTo(config, pv.cluster))) {
      infer(drafts, pv, driver, index);
    }
  }
  return indexParents([...drafts.values()].map(freeze), configs, seen);
}

function freeze(draft: Draft): KnownParent {
  return {
    ...draft,
    drivers: [...draft.drivers],
    clusters: draft.clusters === null ? null : [...draft.clusters],
    detachedPaths: [...draft.detachedPaths],
    instanceIds: [...draft.instanceIds],
  };
}

function indexParents(
  all: readonly KnownParent[],
  configs: readonly DriverConfig[],
  seen: ReadonlySet<string>,
): ParentIndex {
  const byPath = new BySystem<KnownParent>();
  for (const parent of all) byPath.set(parent.system, parent.path, parent);
  const find = (system: string, path: string): KnownParent | undefined => byPath.get(system, path);
  const usedBy = (cluster: string, driver: string): readonly KnownParent[] =>
    all.filter(
      (parent) => parent.drivers.includes(driver) && (parent.clusters?.includes(cluster) ?? true),
    );
  const homes = new BySystem<readonly KnownParent[]>();
  const known = new BySystem<boolean>();
  return {
    all,
    find,
    parentOf: (system, datasetPath) => find(system, parentPath(datasetPath)),
    // A fleet has a handful of drivers, and asks for each of them once per volume.
    forDriver: (cluster, driver) => homes.of(cluster, driver, () => usedBy(cluster, driver)),
    isTrueNasDriver: (cluster, driver) =>
      known.of(
        cluster,
        driver,
        () =>
          isTrueNasDriverName(driver) ||
          seen.has(`${cluster} ${driver}`) ||
          configs.some((config) => config.driver === driver && appliesTo(config, cluster)),
      ),
  };
}
