import { type ClusterLists, type ClusterSource } from '../../core/model/inventory.ts';
import { decodePod } from './decode-pods.ts';
import { decodeVolumeSnapshot, decodeVolumeSnapshotContent } from './decode-snapshots.ts';
import {
  decodePersistentVolume,
  decodePersistentVolumeClaim,
  decodeStorageClass,
} from './decode-volumes.ts';
import { type JsonRecord } from './json.ts';

/** Where a list is found, and how one of its items is read. */
export interface ListSpec<T> {
  /** Path of the group and version. */
  readonly group: string;
  /** Plural name, as RBAC rules write it. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** The group comes with an add-on, so a cluster without it is whole. */
  readonly addOn: boolean;
  /** Undefined where the item cannot be read. */
  readonly decode: (item: JsonRecord, cluster: string) => T | undefined;
}

const CORE = '/api/v1';
const SNAPSHOTS = '/apis/snapshot.storage.k8s.io/v1';

export const LIST_SPECS: { readonly [S in ClusterSource]: ListSpec<ClusterLists[S]> } = {
  persistentVolumes: {
    group: CORE,
    resource: 'persistentvolumes',
    namespaced: false,
    addOn: false,
    decode: decodePersistentVolume,
  },
  persistentVolumeClaims: {
    group: CORE,
    resource: 'persistentvolumeclaims',
    namespaced: true,
    addOn: false,
    decode: decodePersistentVolumeClaim,
  },
  volumeSnapshots: {
    group: SNAPSHOTS,
    resource: 'volumesnapshots',
    namespaced: true,
    addOn: true,
    decode: decodeVolumeSnapshot,
  },
  volumeSnapshotContents: {
    group: SNAPSHOTS,
    resource: 'volumesnapshotcontents',
    namespaced: false,
    addOn: true,
    decode: decodeVolumeSnapshotContent,
  },
  storageClasses: {
    group: '/apis/storage.k8s.io/v1',
    resource: 'storageclasses',
    namespaced: false,
    addOn: false,
    decode: decodeStorageClass,
  },
  pods: {
    group: CORE,
    resource: 'pods',
    namespaced: true,
    addOn: false,
    decode: decodePod,
  },
};
