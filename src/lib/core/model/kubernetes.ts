import { type DriverSettings } from './driver-settings.ts';
import { type Container } from './container.ts';
import { type Size } from './quantity.ts';

/*
 * Kubernetes objects, with the fields this project uses and no others. Annotations and CSI attributes
 * pass an allow-list when they are decoded, because both can hold secrets.
 */

export interface ObjectMeta {
  /** Name of the cluster in our configuration, not in the kubeconfig. */
  readonly cluster: string;
  readonly name: string;
  /** Null for cluster-scoped objects. */
  readonly namespace: string | null;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: Date | null;
  readonly deletedAt: Date | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Only annotations on the allow-list. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly owners: readonly OwnerReference[];
}

/** An entry of `metadata.ownerReferences`: who made the object, in the same namespace. */
export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
}

export interface ObjectReference {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | null;
}

export type VolumeSource =
  | {
      readonly kind: 'csi';
      readonly driver: string;
      readonly handle: string;
      /** `spec.csi.volumeAttributes`, only keys on the allow-list. */
      readonly attributes: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'nfs'; readonly server: string; readonly path: string }
  | { readonly kind: 'iscsi'; readonly portal: string; readonly iqn: string; readonly lun: number }
  /** An SMB share mounted by a plug-in of the node: `//server/share/path`. */
  | { readonly kind: 'smb'; readonly source: string }
  /** A directory of the node below `/mnt`, which is the NAS where the cluster runs on it. */
  | { readonly kind: 'path'; readonly type: string; readonly path: string }
  /** Files of some server, named in a way that cannot be read. */
  | { readonly kind: 'unread'; readonly type: string }
  | { readonly kind: 'other'; readonly type: string };

export type VolumePhase = 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed' | 'Unknown';

export interface PersistentVolume extends ObjectMeta {
  readonly capacity: Size | null;
  readonly reclaimPolicy: string;
  readonly storageClass: string | null;
  readonly phase: VolumePhase;
  /** Since Kubernetes 1.28. */
  readonly phaseSince: Date | null;
  /** `status.reason` and `status.message`: the last error of a failed volume. */
  readonly statusMessage: string | null;
  /** Whether anybody may write to it, by its access modes and its source; null where it has no modes. */
  readonly writable: boolean | null;
  readonly claim: ObjectReference | null;
  readonly source: VolumeSource;
}

export type ClaimPhase = 'Pending' | 'Bound' | 'Lost' | 'Unknown';

export interface PersistentVolumeClaim extends ObjectMeta {
  readonly namespace: string;
  readonly phase: ClaimPhase;
  readonly storageClass: string | null;
  readonly volumeName: string | null;
  readonly requested: Size | null;
  readonly capacity: Size | null;
  /** Condition `Unused` (Kubernetes 1.36+): whether no pod uses the claim; null where the cluster does not say. */
  readonly unused: boolean | null;
  /** When that condition last turned. */
  readonly unusedSince: Date | null;
  /** An expansion is under way or waits for its next mount. */
  readonly resizing: boolean;
}

export interface VolumeSnapshot extends ObjectMeta {
  readonly namespace: string;
  readonly contentName: string | null;
  readonly sourceClaim: string | null;
  readonly snapshotClass: string | null;
  readonly readyToUse: boolean | null;
  readonly error: ObjectError | null;
}

/** `status.error` of a snapshot or `status.attachError` of an attachment. */
export interface ObjectError {
  readonly message: string;
  readonly since: Date | null;
}

export interface VolumeSnapshotContent extends ObjectMeta {
  readonly driver: string;
  readonly deletionPolicy: string;
  /** `status.snapshotHandle`, or `spec.source.snapshotHandle` of a pre-provisioned one. */
  readonly snapshotHandle: string | null;
  readonly volumeHandle: string | null;
  readonly snapshot: ObjectReference | null;
  readonly snapshotClass: string | null;
  readonly readyToUse: boolean | null;
  readonly restoreSize: Size | null;
  readonly error: ObjectError | null;
}

export interface StorageClass extends ObjectMeta {
  readonly provisioner: string;
  readonly bindingMode: 'Immediate' | 'WaitForFirstConsumer';
  readonly reclaimPolicy: string;
  readonly allowsExpansion: boolean;
  readonly isDefault: boolean;
  /** Values of the parameters on the allow-list: file system, names of Secrets. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of all its parameters. */
  readonly parameterNames: readonly string[];
  readonly mountOptions: readonly string[];
}

/** What a pod mounts: the claims it names and volumes written straight into its spec. */
export interface Pod extends ObjectMeta {
  readonly namespace: string;
  readonly phase: string;
  /** Null while it is not scheduled. */
  readonly node: string | null;
  readonly claims: readonly string[];
  readonly inlineVolumes: readonly VolumeSource[];
  /** Condition `Ready`; null where it is unknown or absent. */
  readonly ready: boolean | null;
  /** Of pods that belong to a CSI driver or a snapshot controller; of all others none are kept. */
  readonly containers: readonly Container[];
}

export interface VolumeSnapshotClass extends ObjectMeta {
  readonly driver: string;
  readonly deletionPolicy: string;
  readonly isDefault: boolean;
  /** Names of all its parameters. */
  readonly parameterNames: readonly string[];
  /** Its snapshots are copies apart from the volume. */
  readonly detached: boolean;
}

export interface CsiDriver extends ObjectMeta {
  readonly attachRequired: boolean;
}

export interface Node extends ObjectMeta {
  /** Condition `Ready`; null where it is unknown or absent. */
  readonly ready: boolean | null;
  /** Whether ordinary pods may be placed on it: not cordoned, and no taint `NoSchedule` or `NoExecute`. */
  readonly schedulable: boolean;
  /** Its internal and external IP addresses. */
  readonly addresses: readonly string[];
  readonly kubeletVersion: string | null;
}

export interface VolumeAttachment extends ObjectMeta {
  /** CSI driver name. */
  readonly attacher: string;
  readonly node: string;
  /** Null for an inline volume. */
  readonly volumeName: string | null;
  readonly attached: boolean;
  readonly attachError: ObjectError | null;
  readonly detachError: ObjectError | null;
}

/** A warning event about a PersistentVolume. */
export interface VolumeEvent extends ObjectMeta {
  readonly volumeName: string;
  readonly volumeUid: string | null;
  /** `VolumeFailedDelete`, … */
  readonly reason: string;
  readonly message: string;
  readonly lastSeen: Date | null;
}

export type WorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'Job'
  | 'CronJob'
  | 'VirtualMachine'
  | 'DataVolume';

/** Something that makes pods, now or later, and the claims those would use. */
export interface Workload extends ObjectMeta {
  readonly namespace: string;
  readonly kind: WorkloadKind;
  /** Pods it wants; null where its kind does not count them. */
  readonly replicas: number | null;
  /** A CronJob or Job told to wait, or a virtual machine that is not to run. */
  readonly suspended: boolean;
  /** A Job that has run to its end: it will make no pod again. */
  readonly finished: boolean;
  /** Claims its template names. */
  readonly claims: readonly string[];
  /** Names of claims that are made for each pod begin so: `<template>-<StatefulSet>-`, and an ordinal follows. */
  readonly claimPrefixes: readonly string[];
  /** Volumes written straight into its template. */
  readonly inlineVolumes: readonly VolumeSource[];
}

/** How a driver's `volumeHandle` comes from the name of a volume. */
export type HandleRule = 'name' | 'template' | 'hash';

/** What one deployment of a CSI driver is configured with. Read from its Secret, of which nothing secret is kept. */
export interface DriverSecret {
  readonly cluster: string;
  /** Empty where a file says none. */
  readonly namespace: string;
  /** Name of the Secret. */
  readonly name: string;
  /** CSI driver name (`--csi-name`); null where no pod says it. */
  readonly driver: string | null;
  /** `driver:` in the configuration: `freenas-api-nfs`, … */
  readonly kind: string;
  readonly instanceId: string | null;
  /** Hosts it talks to, as written; several where the configuration names several. */
  readonly hosts: readonly string[];
  /** `zfs.datasetParentName`. */
  readonly parent: string | null;
  /** `zfs.detachedSnapshotsDatasetParentName`. */
  readonly detachedSnapshotsParent: string | null;
  readonly handleRule: HandleRule;
  /** `_private.csi.volume.deleteStrategy: retain`: deleting a volume leaves it on the NAS. */
  readonly keepsDeleted: boolean;
  readonly settings: DriverSettings;
}
