import { failed, type Listing } from '../model/coverage.ts';
import { type DerivedTypes } from '../model/evidence.ts';
import {
  type ClusterLists,
  type ClusterSource,
  type Inventory,
  type SystemLists,
  type SystemSource,
} from '../model/inventory.ts';
import { type MovedDataset } from '../model/moved-dataset.ts';
import { type Pod, type Workload } from '../model/kubernetes.ts';
import { lazy } from '../model/lazy.ts';
import { NO_SETTINGS } from '../model/settings.ts';
import { type Pool } from '../model/truenas.ts';
import { indexClaimUse, mayMakePods, type ClaimUse } from './claim-use.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { deploymentsOf } from './deployments.ts';
import { findInstallations } from './installations.ts';
import { indexIscsi } from './iscsi.ts';
import { indexMarks } from './marks.ts';
import { indexExports, indexTargets } from './match-shares.ts';
import { linkSnapshots } from './match-snapshots.ts';
import { linkVolumes } from './match-volumes.ts';
import { type Joins } from './named-datasets.ts';
import { indexNvmet } from './nvmet.ts';
import { collectParents } from './parents.ts';
import { indexReplications } from './replications.ts';
import { WORKLOAD_LISTS } from './sources.ts';
import { readStorageState } from './storage-state.ts';

/** Lists of all clusters, or of all systems, as one. */
export function clusterItems<S extends ClusterSource>(
  inventory: Inventory,
  source: S,
): readonly ClusterLists[S][] {
  return concat(inventory.clusters.map(({ lists }) => lists[source]?.items));
}

export function systemItems<S extends SystemSource>(
  inventory: Inventory,
  source: S,
): readonly SystemLists[S][] {
  return concat(inventory.systems.map(({ lists }) => lists[source]?.items));
}

/** Most scans have one cluster and one system: their lists are used as they are. */
export function concat<T>(lists: readonly (readonly T[] | undefined)[]): readonly T[] {
  const present = lists.filter((list) => list !== undefined);
  return present.length === 1 ? (present[0] ?? []) : present.flat();
}

/** Pools of the systems whose list is whole: a pool missing from a broken list is not an exported one. */
function poolsBySystem(inventory: Inventory): Map<string, readonly Pool[]> {
  const pools = new Map<string, readonly Pool[]>();
  for (const { identity, lists } of inventory.systems) {
    if (lists.pools?.coverage.state === 'complete') pools.set(identity.name, lists.pools.items);
  }
  return pools;
}

/** What our journals say was moved on a system, which they know by its host id. */
function movesOn({ systems, moved }: Inventory): (system: string) => readonly MovedDataset[] {
  const moves = new Map(
    systems.map(({ identity }) => [
      identity.name,
      moved.filter(({ hostId }) => hostId === identity.hostId),
    ]),
  );
  return (system) => moves.get(system) ?? [];
}

/** Only few commands ask who uses a claim, and pods are many. */
function lazyClaimUse(pods: readonly Pod[], workloads: readonly Workload[]): ClaimUse {
  const use = lazy(() => indexClaimUse(pods, workloads));
  return {
    podsOf: (claim) => use().podsOf(claim),
    workloadsOf: (claim) => use().workloadsOf(claim),
  };
}

/** Why a list of some system is not whole; one that cannot exist there lacks nothing. */
function whyUnread(inventory: Inventory, source: SystemSource): string | undefined {
  for (const { lists } of inventory.systems) {
    const { coverage } = lists[source] ?? { coverage: failed('it was not read in this scan') };
    if (coverage.state === 'partial' || coverage.state === 'failed') {
      return `${source} could not be read: ${coverage.reason}`;
    }
  }
  return undefined;
}

function unreadNames(inventory: Inventory): Joins['unread'] {
  return {
    smb: whyUnread(inventory, 'smbShares'),
    nvmet: whyUnread(inventory, 'nvmetNamespaces') ?? whyUnread(inventory, 'nvmetSubsystems'),
  };
}

/** Whether a list lacks what should have been read. What may not be read, or cannot exist there, lacks nothing. */
function isUnread(list: Listing<unknown> | undefined): boolean {
  return list === undefined || ['partial', 'failed'].includes(list.coverage.state);
}

/** Names of the clusters or systems of which a list was not read whole. */
function unreadOf<S extends string>(
  members: readonly {
    readonly identity: { readonly name: string };
    readonly lists: Readonly<Partial<Record<S, Listing<unknown>>>>;
  }[],
  source: S,
): ReadonlySet<string> {
  return new Set(
    members.filter(({ lists }) => isUnread(lists[source])).map(({ identity }) => identity.name),
  );
}

/** Who mounts volumes that no PersistentVolume stands for: pods, and what may make pods. */
export function inlineUsers(inventory: Inventory): readonly (Pod | Workload)[] {
  const workloads = WORKLOAD_LISTS.flatMap((source) => clusterItems(inventory, source));
  return [...clusterItems(inventory, 'pods'), ...workloads.filter(mayMakePods)];
}

/** Everything rules may ask for beside the lists. */
export function derive(inventory: Inventory, index: DatasetIndex): DerivedTypes {
  const volumes = clusterItems(inventory, 'persistentVolumes');
  const datasets = systemItems(inventory, 'datasets');
  const pods = clusterItems(inventory, 'pods');
  const workloads = WORKLOAD_LISTS.flatMap((source) => clusterItems(inventory, source));
  const iscsi = indexIscsi({
    targets: systemItems(inventory, 'iscsiTargets'),
    extents: systemItems(inventory, 'iscsiExtents'),
    targetExtents: systemItems(inventory, 'iscsiTargetExtents'),
  });
  const nvmet = indexNvmet({
    namespaces: systemItems(inventory, 'nvmetNamespaces'),
    subsystems: systemItems(inventory, 'nvmetSubsystems'),
  });
  const systems = inventory.systems.map(({ identity }) => identity);
  const names = systems.map(({ name }) => name);
  const secrets = clusterItems(inventory, 'driverSecrets');
  const clusters = inventory.clusters.map(({ identity }) => identity.name);
  const unreadClusters = unreadOf(inventory.clusters, 'driverSecrets');
  const unreadSystems = unreadOf(inventory.systems, 'datasets');
  const readWhole = unreadClusters.size === 0 && unreadSystems.size === 0;
  const parents = collectParents(
    deploymentsOf(inventory.drivers, { secrets, clusters, unread: unreadClusters }),
    clusters,
    { systems, index, readWhole, unreadSystems },
    volumes,
  );
  const targets = indexTargets(names, iscsi, nvmet, index);
  const smbShares = systemItems(inventory, 'smbShares');
  const exports = indexExports(systemItems(inventory, 'nfsShares'), smbShares, iscsi, nvmet);
  const smbByName = Map.groupBy(smbShares, ({ name }) => name.toLowerCase());
  const installations = lazy(() =>
    findInstallations(
      clusters,
      {
        csiDrivers: clusterItems(inventory, 'csiDrivers'),
        storageClasses: clusterItems(inventory, 'storageClasses'),
        driverSecrets: secrets,
        pods,
        persistentVolumes: volumes,
      },
      parents,
    ),
  );
  return {
    clusters: inventory.clusters.map(({ identity }) => identity),
    systems,
    connections: [...inventory.clusters, ...inventory.systems].flatMap(
      ({ connection }) => connection ?? [],
    ),
    settings: inventory.settings ?? NO_SETTINGS,
    get installations() {
      return installations();
    },
    parents,
    marks: indexMarks(datasets, index, movesOn(inventory)),
    claimUse: lazyClaimUse(pods, workloads),
    replications: indexReplications(systemItems(inventory, 'replicationTasks')),
    storage: readStorageState(poolsBySystem(inventory), index, parents.all, datasets),
    exports,
    volumeLinks: linkVolumes(
      inventory.clusters.map(({ lists }) => lists.persistentVolumes?.items ?? []),
      inlineUsers(inventory),
      { index, parents, targets, smbByName, unread: unreadNames(inventory) },
      exports,
    ),
    snapshotLinks: linkSnapshots(
      clusterItems(inventory, 'volumeSnapshotContents'),
      clusterItems(inventory, 'volumeSnapshots'),
      systemItems(inventory, 'zfsSnapshots'),
      datasets,
      { index, parents },
    ),
  };
}
