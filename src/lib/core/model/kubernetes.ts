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
}

export interface VolumeSnapshot extends ObjectMeta {
  readonly namespace: string;
  readonly contentName: string | null;
  readonly sourceClaim: string | null;
  readonly readyToUse: boolean | null;
}

export interface VolumeSnapshotContent extends ObjectMeta {
  readonly driver: string;
  readonly deletionPolicy: string;
  /** `status.snapshotHandle`, or `spec.source.snapshotHandle` of a pre-provisioned one. */
  readonly snapshotHandle: string | null;
  readonly volumeHandle: string | null;
  readonly snapshot: ObjectReference | null;
  readonly readyToUse: boolean | null;
  readonly restoreSize: Size | null;
}

export interface StorageClass extends ObjectMeta {
  readonly provisioner: string;
  readonly bindingMode: 'Immediate' | 'WaitForFirstConsumer';
  readonly reclaimPolicy: string;
}

/** What a pod mounts: the claims it names and volumes written straight into its spec. */
export interface Pod extends ObjectMeta {
  readonly namespace: string;
  readonly phase: string;
  readonly claims: readonly string[];
  readonly inlineVolumes: readonly VolumeSource[];
}
