import { type ObjectMeta } from '../../core/model/kubernetes.ts';
import { type ClusterLists, type ClusterSource } from '../../core/model/inventory.ts';
import { decodeStorageClass } from './decode-classes.ts';
import { decodeCsiNode, decodeLease } from './decode-surroundings.ts';
import { decodeMeta } from './decode-meta.ts';
import { decodePod } from './decode-pods.ts';
import {
  decodeVolumeSnapshot,
  decodeVolumeSnapshotClass,
  decodeVolumeSnapshotContent,
} from './decode-snapshots.ts';
import {
  decodeCsiDriver,
  decodeNode,
  decodeVolumeAttachment,
  decodeVolumeEvent,
  newestEvents,
} from './decode-storage.ts';
import { decodePersistentVolume, decodePersistentVolumeClaim } from './decode-volumes.ts';
import {
  decodeCronJob,
  decodeDaemonSet,
  decodeDataVolume,
  decodeDeployment,
  decodeJob,
  decodeReplicaSet,
  decodeReplicationController,
  decodeStatefulSet,
  decodeVirtualMachine,
} from './decode-workloads.ts';
import { type JsonRecord } from './json.ts';

/** Where a list is found, and how one of its items is read. */
export interface ListSpec<T> {
  /** Path of the group and version. */
  readonly group: string;
  /** Plural name, as RBAC rules write it. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** The one namespace that is read, where objects of interest are in no other. */
  readonly namespace?: string;
  /** What the server is to leave out. */
  readonly query?: Readonly<Record<string, string>>;
  /** The group comes with an add-on, so a cluster without it is whole. */
  readonly addOn: boolean;
  /** Undefined where the item cannot be read. */
  readonly decode: (item: JsonRecord, cluster: string) => T | undefined;
  /** Which items of the whole list are kept. */
  readonly keep?: (items: readonly T[]) => readonly T[];
}

/** Lists that are one list of the API server too. */
export type PlainSource = Exclude<ClusterSource, 'driverSecrets' | 'apiGroups' | 'permissions'>;

const CORE = '/api/v1';
const APPS = '/apis/apps/v1';
const BATCH = '/apis/batch/v1';
const STORAGE = '/apis/storage.k8s.io/v1';
const SNAPSHOTS = '/apis/snapshot.storage.k8s.io/v1';
const KUBEVIRT = '/apis/kubevirt.io/v1';
const CDI = '/apis/cdi.kubevirt.io/v1beta1';

type Decode<T> = ListSpec<T>['decode'];

const ofCluster = <T extends ObjectMeta>(
  group: string,
  resource: string,
  decode: Decode<T>,
): ListSpec<T> => ({ group, resource, namespaced: false, addOn: isAddOn(group), decode });

const ofNamespaces = <T extends ObjectMeta>(
  group: string,
  resource: string,
  decode: Decode<T>,
): ListSpec<T> => ({ group, resource, namespaced: true, addOn: isAddOn(group), decode });

function isAddOn(group: string): boolean {
  return [SNAPSHOTS, KUBEVIRT, CDI].includes(group);
}

export const LIST_SPECS: { readonly [S in PlainSource]: ListSpec<ClusterLists[S]> } = {
  persistentVolumes: ofCluster(CORE, 'persistentvolumes', decodePersistentVolume),
  persistentVolumeClaims: ofNamespaces(CORE, 'persistentvolumeclaims', decodePersistentVolumeClaim),
  volumeSnapshots: ofNamespaces(SNAPSHOTS, 'volumesnapshots', decodeVolumeSnapshot),
  volumeSnapshotContents: ofCluster(
    SNAPSHOTS,
    'volumesnapshotcontents',
    decodeVolumeSnapshotContent,
  ),
  storageClasses: ofCluster(STORAGE, 'storageclasses', decodeStorageClass),
  volumeSnapshotClasses: ofCluster(SNAPSHOTS, 'volumesnapshotclasses', decodeVolumeSnapshotClass),
  csiDrivers: ofCluster(STORAGE, 'csidrivers', decodeCsiDriver),
  volumeAttachments: ofCluster(STORAGE, 'volumeattachments', decodeVolumeAttachment),
  nodes: ofCluster(CORE, 'nodes', decodeNode),
  events: {
    ...ofNamespaces(CORE, 'events', decodeVolumeEvent),
    // Where Kubernetes keeps the events about objects that are in no namespace.
    namespace: 'default',
    query: { fieldSelector: 'involvedObject.kind=PersistentVolume,type=Warning' },
    keep: newestEvents,
  },
  pods: ofNamespaces(CORE, 'pods', decodePod),
  deployments: ofNamespaces(APPS, 'deployments', decodeDeployment),
  statefulSets: ofNamespaces(APPS, 'statefulsets', decodeStatefulSet),
  daemonSets: ofNamespaces(APPS, 'daemonsets', decodeDaemonSet),
  replicaSets: ofNamespaces(APPS, 'replicasets', decodeReplicaSet),
  replicationControllers: ofNamespaces(CORE, 'replicationcontrollers', decodeReplicationController),
  jobs: ofNamespaces(BATCH, 'jobs', decodeJob),
  cronJobs: ofNamespaces(BATCH, 'cronjobs', decodeCronJob),
  virtualMachines: ofNamespaces(KUBEVIRT, 'virtualmachines', decodeVirtualMachine),
  dataVolumes: ofNamespaces(CDI, 'datavolumes', decodeDataVolume),
  csiNodes: ofCluster(STORAGE, 'csinodes', decodeCsiNode),
  leases: {
    ...ofNamespaces('/apis/coordination.k8s.io/v1', 'leases', decodeLease),
    // Every node renews one there every ten seconds, to say that it lives.
    query: { fieldSelector: 'metadata.namespace!=kube-node-lease' },
  },
  namespaces: ofCluster(CORE, 'namespaces', decodeMeta),
};
