import { uuidOf } from './identity.ts';
import { addObject, quantityOf, splitKey } from './objects.ts';
import { ago, type Cluster } from './stage.ts';

const KUBECTL = { manager: 'kubectl-client-side-apply', keys: ['metadata', 'spec'] };

export interface StaticVolumeOptions {
  readonly name: string;
  /** `namespace/name` of the claim that is bound to it. */
  readonly claim: string;
  readonly size: number;
  readonly days: number;
  /** The part of `spec` that says where the data is: `nfs:`, `iscsi:`, `csi:`. */
  readonly source: Record<string, unknown>;
  readonly annotations?: Record<string, string>;
  /** Its claim is gone, its reclaim policy is Delete, and this is why Kubernetes could not carry that out. */
  readonly failed?: string;
}

function statusOf({ stage }: Cluster, { failed }: StaticVolumeOptions): Record<string, string> {
  if (failed === undefined) return { phase: 'Bound' };
  return { phase: 'Failed', message: failed, lastPhaseTransitionTime: ago(stage, 12.4) };
}

/** A PersistentVolume written by hand, with its claim unless that is gone. */
export function addStaticVolume(cluster: Cluster, options: StaticVolumeOptions): void {
  const { namespace, name: claimName } = splitKey(options.claim);
  const uid = uuidOf(`${cluster.cluster.uid} static ${options.claim}`);
  const storage = quantityOf(options.size);
  const shared = { accessModes: ['ReadWriteMany'], storageClassName: '', volumeMode: 'Filesystem' };
  addObject(cluster, {
    resource: 'persistentvolumes',
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    name: options.name,
    days: options.days,
    annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes', ...options.annotations },
    finalizers: ['kubernetes.io/pv-protection'],
    body: {
      spec: {
        ...shared,
        capacity: { storage },
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name: claimName,
          namespace,
          uid,
        },
        persistentVolumeReclaimPolicy: options.failed === undefined ? 'Retain' : 'Delete',
        ...options.source,
      },
      status: statusOf(cluster, options),
    },
    writers: [KUBECTL],
    shape: options.name,
  });
  if (options.failed !== undefined) return;
  addObject(cluster, {
    resource: 'persistentvolumeclaims',
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name: claimName,
    namespace,
    uid,
    days: options.days,
    annotations: { 'pv.kubernetes.io/bind-completed': 'yes' },
    finalizers: ['kubernetes.io/pvc-protection'],
    body: {
      spec: { ...shared, resources: { requests: { storage } }, volumeName: options.name },
      status: { accessModes: ['ReadWriteMany'], capacity: { storage }, phase: 'Bound' },
    },
    writers: [KUBECTL],
    shape: 'static',
  });
}
