import {
  type ClusterIdentity,
  type ClusterLists,
  type ListSource,
  type SystemIdentity,
  type SystemLists,
} from '../../core/model/inventory.ts';

/** Fields of `T` that hold an instant. */
type InstantKeys<T> = {
  [K in keyof T]-?: Extract<T[K], Date> extends never ? never : K;
}[keyof T];
type InstantsOf<T> = Readonly<Record<InstantKeys<T>, true>>;

type AllLists = ClusterLists & SystemLists;

/** Complete by its type: a field that becomes an instant does not compile until it is here. */
const INSTANTS: { readonly [S in ListSource]: InstantsOf<AllLists[S]> } = {
  persistentVolumes: { createdAt: true, deletedAt: true, phaseSince: true },
  persistentVolumeClaims: { createdAt: true, deletedAt: true },
  volumeSnapshots: { createdAt: true, deletedAt: true },
  volumeSnapshotContents: { createdAt: true, deletedAt: true },
  storageClasses: { createdAt: true, deletedAt: true },
  pods: { createdAt: true, deletedAt: true },
  pools: {},
  datasets: { createdAt: true },
  zfsSnapshots: {},
  nfsShares: {},
  smbShares: {},
  iscsiTargets: {},
  iscsiExtents: {},
  iscsiTargetExtents: {},
  iscsiSessions: {},
  nvmetNamespaces: {},
  snapshotTasks: {},
  replicationTasks: {},
};

const OF_CLUSTERS: InstantsOf<ClusterIdentity> = { createdAt: true, clock: true };
const OF_SYSTEMS: InstantsOf<SystemIdentity> = { clock: true };
const OF_DETAILS: InstantsOf<NonNullable<AllLists['zfsSnapshots']['details']>> = {
  createdAt: true,
};

export const CLUSTER_INSTANTS: readonly string[] = Object.keys(OF_CLUSTERS);
export const SYSTEM_INSTANTS: readonly string[] = Object.keys(OF_SYSTEMS);
/** Of the details of a snapshot. */
export const DETAIL_INSTANTS: readonly string[] = Object.keys(OF_DETAILS);

/** Fields of the objects of a list that hold an instant. */
export function instantsOf(source: ListSource): readonly string[] {
  return Object.keys(INSTANTS[source]);
}
