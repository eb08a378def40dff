import {
  type ClusterIdentity,
  type ClusterLists,
  type ListSource,
  type SystemIdentity,
  type SystemLists,
} from '../../core/model/inventory.ts';
import { type ObjectError } from '../../core/model/kubernetes.ts';

/** Fields of `T` that hold an instant. */
type InstantKeys<T> = {
  [K in keyof T]-?: Extract<T[K], Date> extends never ? never : K;
}[keyof T];
type InstantsOf<T> = Readonly<Record<InstantKeys<T>, true>>;

type AllLists = ClusterLists & SystemLists;

/** Of every Kubernetes object. */
const OF_META = { createdAt: true, deletedAt: true } as const;

/** Complete by its type: a field that becomes an instant does not compile until it is here. */
const INSTANTS: { readonly [S in ListSource]: InstantsOf<AllLists[S]> } = {
  persistentVolumes: { createdAt: true, deletedAt: true, phaseSince: true },
  persistentVolumeClaims: { createdAt: true, deletedAt: true, unusedSince: true },
  volumeSnapshots: OF_META,
  volumeSnapshotContents: OF_META,
  storageClasses: OF_META,
  volumeSnapshotClasses: OF_META,
  csiDrivers: OF_META,
  driverSecrets: {},
  volumeAttachments: OF_META,
  nodes: OF_META,
  events: { createdAt: true, deletedAt: true, lastSeen: true },
  pods: OF_META,
  deployments: OF_META,
  statefulSets: OF_META,
  daemonSets: OF_META,
  replicaSets: OF_META,
  replicationControllers: OF_META,
  jobs: OF_META,
  cronJobs: OF_META,
  virtualMachines: OF_META,
  dataVolumes: OF_META,
  csiNodes: OF_META,
  leases: { createdAt: true, deletedAt: true, renewedAt: true },
  namespaces: OF_META,
  apiGroups: {},
  permissions: {},
  pools: {},
  datasets: { createdAt: true },
  zfsSnapshots: {},
  nfsShares: {},
  smbShares: {},
  iscsiTargets: {},
  iscsiExtents: {},
  iscsiTargetExtents: {},
  iscsiSessions: {},
  iscsiInitiators: {},
  nvmetNamespaces: {},
  nvmetSubsystems: {},
  nvmetSessions: {},
  snapshotTasks: {},
  replicationTasks: {},
  runningJobs: {},
  iscsiPortals: {},
  iscsiAuths: {},
  services: {},
  alerts: { at: true },
  addresses: {},
  account: {},
  methods: {},
};

/** What a field holds, one or several of it. */
type Held<V> = NonNullable<V> extends readonly (infer E)[] ? E : NonNullable<V>;

/** Fields of `T` that hold an object with an instant in it, or several. */
type NestedKeys<T> = {
  [K in keyof T]-?: InstantKeys<Held<T[K]>> extends never
    ? never
    : Held<T[K]> extends Date | string | number | boolean
      ? never
      : K;
}[keyof T];
type NestedOf<T> = { readonly [K in NestedKeys<T>]: InstantsOf<Held<T[K]>> };

const OF_ERROR: InstantsOf<ObjectError> = { since: true };
const OF_SNAPSHOT: NestedOf<AllLists['volumeSnapshots']> = { error: OF_ERROR };
const OF_CONTENT: NestedOf<AllLists['volumeSnapshotContents']> = { error: OF_ERROR };
const OF_ATTACHMENT: NestedOf<AllLists['volumeAttachments']> = {
  attachError: OF_ERROR,
  detachError: OF_ERROR,
};
const OF_POD: NestedOf<AllLists['pods']> = { containers: { lastEndedAt: true } };
const OF_ZFS_SNAPSHOT: NestedOf<AllLists['zfsSnapshots']> = { details: { createdAt: true } };

const OF_POOL: NestedOf<AllLists['pools']> = { scrub: { endedAt: true } };
const OF_ACCOUNT: NestedOf<AllLists['account']> = { key: { expiresAt: true } };

const NESTED: ReadonlyMap<ListSource, Readonly<Record<string, object>>> = new Map<
  ListSource,
  Readonly<Record<string, object>>
>([
  ['volumeSnapshots', OF_SNAPSHOT],
  ['volumeSnapshotContents', OF_CONTENT],
  ['volumeAttachments', OF_ATTACHMENT],
  ['pods', OF_POD],
  ['zfsSnapshots', OF_ZFS_SNAPSHOT],
  ['pools', OF_POOL],
  ['account', OF_ACCOUNT],
]);

const OF_CLUSTERS: InstantsOf<ClusterIdentity> = { createdAt: true, clock: true };
const OF_SYSTEMS: InstantsOf<SystemIdentity> = { clock: true };
export const CLUSTER_INSTANTS: readonly string[] = Object.keys(OF_CLUSTERS);
export const SYSTEM_INSTANTS: readonly string[] = Object.keys(OF_SYSTEMS);
/** Fields of the objects of a list that hold an instant. */
export function instantsOf(source: ListSource): readonly string[] {
  return Object.keys(INSTANTS[source]);
}

/** Fields of the objects of a list that hold an object with instants or several, and which. */
export function nestedInstantsOf(
  source: ListSource,
): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(NESTED.get(source) ?? {}).map(([field, instants]) => [
    field,
    Object.keys(instants),
  ]);
}
