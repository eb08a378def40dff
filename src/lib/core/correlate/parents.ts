import { type SystemIdentity } from '../model/inventory.ts';
import { type PersistentVolume } from '../model/kubernetes.ts';
import { BySystem } from './by-system.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type Deployment } from './deployments.ts';
import { inferredParentsOf } from './inferred-parents.ts';
import { shared, type KnownParent } from './known-parent.ts';
import { addDeployment, ParentDrafts } from './parent-drafts.ts';
import { parentPath } from './paths.ts';
import { type UnsightedParent, withSightings } from './sightings.ts';
import { isDemocraticCsi, isTrueNasDriverName } from './volume-handle.ts';

export interface ParentIndex {
  readonly all: readonly KnownParent[];
  find(system: string, path: string): KnownParent | undefined;
  /** The known parent of which this is a direct child. */
  parentOf(system: string, datasetPath: string): KnownParent | undefined;
  /** The known parent whose detached snapshots lie right below the dataset above this one: true of their containers. */
  detachedParentOf(system: string, datasetPath: string): KnownParent | undefined;
  forDriver(cluster: string, driver: string): readonly KnownParent[];
  /** Whether TrueNAS stands behind this CSI driver, as far as anything says so. */
  isTrueNasDriver(cluster: string, driver: string): boolean;
}

/** Where deployments may be. */
export interface Places {
  readonly systems: readonly SystemIdentity[];
  readonly index: DatasetIndex;
  /** Whether the datasets of every system, and every Secret that was asked for, were read: else a place may have a rival. */
  readonly readWhole: boolean;
  /** Systems whose datasets were not read whole. */
  readonly unreadSystems: ReadonlySet<string>;
}

/** Systems a deployment may work on, and whether that is known or only possible. */
interface Homes {
  readonly names: readonly string[];
  readonly located: boolean;
}

/**
 * Systems a deployment speaks of. Without a name it is the one whose host its configuration names, and else wherever its parent
 * exists. A declared one that exists nowhere stands for all of them, so that each says it is missing; the parent of
 * a driver whose own configuration names another host is simply not here. The only system that holds a declared one is known
 * to be meant unless its driver names hosts, and not this one: then it may be another, of which this is the replica.
 */
function homesOf(deployment: Deployment, { systems, index, readWhole }: Places): Homes {
  const { system, parent, origin, hosts, hostsOfDriver } = deployment;
  const named = systems.filter((each) =>
    system === null ? isAmong(hosts, each) : each.name === system,
  );
  if (system !== null || named.length > 0) {
    return { names: named.map(({ name }) => name), located: named.length === 1 };
  }
  const holding = systems.filter(({ name }) => index.find(name, parent) !== undefined);
  const names = (holding.length > 0 || origin === 'discovered' ? holding : systems).map(
    ({ name }) => name,
  );
  const [only, ...others] = holding;
  if (origin === 'discovered' || only === undefined || others.length > 0) {
    return { names, located: false };
  }
  const located = hostsOfDriver.length === 0 ? readWhole : isAmong(hostsOfDriver, only);
  return { names, located };
}

function isAmong(hosts: readonly string[], { host }: SystemIdentity): boolean {
  return hosts.some((each) => each.toLowerCase() === host.toLowerCase());
}

/** Whether TrueNAS stands behind a volume, as far as its driver's name and its own attributes say. */
function isOnTrueNas(pv: PersistentVolume): boolean {
  return pv.source.kind === 'csi' && (isTrueNasDriverName(pv.source.driver) || isDemocraticCsi(pv));
}

/** Adds the parents of volumes whose driver nobody speaks of. */
function addInferred(
  drafts: ParentDrafts,
  pv: PersistentVolume,
  driver: string,
  systems: readonly string[],
  index: DatasetIndex,
): void {
  for (const { system, path } of inferredParentsOf(pv, systems, index)) {
    const draft = drafts.at(system, path, 'inferred');
    if (draft.origin !== 'inferred') continue;
    draft.drivers.add(driver);
    draft.clusters?.add(pv.cluster);
  }
}

/** Collects the parents that are declared or configured, and infers those of drivers nobody speaks of. */
export function collectParents(
  deployments: readonly Deployment[],
  clusters: readonly string[],
  places: Places,
  volumes: readonly PersistentVolume[],
): ParentIndex {
  const { systems, index } = places;
  const drafts = new ParentDrafts();
  for (const deployment of deployments) {
    const { names, located } = homesOf(deployment, places);
    for (const name of names) {
      addDeployment(drafts.at(name, deployment.parent, deployment.origin), deployment, located);
    }
  }
  const isDeployed = (cluster: string, driver: string): boolean =>
    deployments.some(
      (each) => each.driver === driver && (each.cluster === null || each.cluster === cluster),
    );
  const names = systems.map(({ name }) => name);
  const seen = new BySystem<boolean>();
  for (const pv of volumes) {
    const { cluster, source } = pv;
    // Of a driver somebody speaks of nothing is inferred, and nearly every volume is of one.
    if (source.kind !== 'csi' || seen.get(cluster, source.driver) === true) continue;
    if (!isOnTrueNas(pv)) continue;
    const known = seen.of(cluster, source.driver, () => isDeployed(cluster, source.driver));
    if (!known) addInferred(drafts, pv, source.driver, names, index);
  }
  const unsighted = drafts.finish(({ system, path }) =>
    names.some(
      (name) =>
        name !== system && (places.unreadSystems.has(name) || index.find(name, path) !== undefined),
    ),
  );
  return indexParents(
    withSightings(unsighted, volumes, {
      registered: clusters,
      homesOf: homesAmong(unsighted),
      index,
    }),
    (cluster, driver) => seen.get(cluster, driver) !== undefined || isDeployed(cluster, driver),
  );
}

/** The parents in which the driver of a cluster works. */
function homesAmong<P extends UnsightedParent>(
  all: readonly P[],
): (cluster: string, driver: string) => readonly P[] {
  const homes = new BySystem<readonly P[]>();
  const usedBy = (cluster: string, driver: string): readonly P[] =>
    all.filter(
      (parent) => parent.drivers.includes(driver) && (parent.clusters?.includes(cluster) ?? true),
    );
  // A fleet has a handful of drivers, and asks for each of them once per volume.
  return (cluster, driver) => homes.of(cluster, driver, () => usedBy(cluster, driver));
}

function indexParents(
  all: readonly KnownParent[],
  isDriver: (cluster: string, driver: string) => boolean,
): ParentIndex {
  const byPath = new BySystem<KnownParent>();
  const byDetached = new BySystem<KnownParent>();
  for (const parent of all) {
    byPath.set(parent.system, parent.path, parent);
    for (const path of parent.detachedPaths) {
      const sharer = byDetached.get(parent.system, path);
      byDetached.set(parent.system, path, sharer === undefined ? parent : shared(sharer, parent));
    }
  }
  const find = (system: string, path: string): KnownParent | undefined => byPath.get(system, path);
  const known = new BySystem<boolean>();
  return {
    all,
    find,
    parentOf: (system, datasetPath) => find(system, parentPath(datasetPath)),
    detachedParentOf: (system, datasetPath) => byDetached.get(system, parentPath(datasetPath)),
    forDriver: homesAmong(all),
    isTrueNasDriver: (cluster, driver) =>
      known.of(cluster, driver, () => isTrueNasDriverName(driver) || isDriver(cluster, driver)),
  };
}
