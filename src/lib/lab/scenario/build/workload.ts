import { type Deployment } from './deployment.ts';
import { addClaimObject } from './claim.ts';
import { uuidOf } from './identity.ts';
import { addObject, quantityOf, splitKey } from './objects.ts';
import { objectsOf, type Cluster } from './stage.ts';

const KUBECTL = { manager: 'kubectl-client-side-apply', keys: ['metadata', 'spec'] };
const KUBELET = { manager: 'kubelet', subresource: 'status', keys: ['status'] };

export function addNamespace(cluster: Cluster, name: string, days: number): void {
  addObject(cluster, {
    resource: 'namespaces',
    apiVersion: 'v1',
    kind: 'Namespace',
    name,
    days,
    labels: { 'kubernetes.io/metadata.name': name },
    body: { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } },
    writers: [KUBECTL],
  });
}

/** Adds the namespaces that objects already lie in, old enough for all of them. */
export function addMissingNamespaces(cluster: Cluster, days: number): void {
  const names = new Set<string>();
  for (const objects of Object.values(cluster.cluster.objects)) {
    for (const { metadata } of objects) {
      if (metadata.namespace !== undefined) names.add(metadata.namespace);
    }
  }
  for (const { metadata } of objectsOf(cluster.cluster, 'namespaces')) names.delete(metadata.name);
  for (const name of [...names].sort()) addNamespace(cluster, name, days);
}

export interface PodOptions {
  /** `namespace/name`. */
  readonly pod: string;
  readonly days: number;
  /** Names of claims in its namespace. */
  readonly claims?: readonly string[];
  /** Volumes written straight into its spec. */
  readonly volumes?: readonly InlineVolume[];
}

/** A volume in a pod's spec: its name, and where the data is. */
export interface InlineVolume {
  readonly name: string;
  readonly [source: string]: unknown;
}

export function addPod(cluster: Cluster, options: PodOptions): void {
  const { namespace, name } = splitKey(options.pod);
  const app = name.replace(/-\d+$/, '');
  const claimVolumes = (options.claims ?? []).map((claimName, index) => ({
    name: `data-${index}`,
    persistentVolumeClaim: { claimName },
  }));
  const volumes = [...claimVolumes, ...(options.volumes ?? [])];
  addObject(cluster, {
    resource: 'pods',
    apiVersion: 'v1',
    kind: 'Pod',
    name,
    namespace,
    days: options.days,
    labels: { 'app.kubernetes.io/name': app },
    body: {
      spec: {
        containers: [
          {
            name: app,
            image: `registry.example/${namespace}/${app}:1.0`,
            volumeMounts: volumes.map((volume, index) => ({
              name: volume.name,
              mountPath: `/data/${index}`,
            })),
          },
        ],
        nodeName: 'worker-1',
        restartPolicy: 'Always',
        serviceAccountName: 'default',
        volumes,
      },
      status: { phase: 'Running', podIP: '10.42.1.17', qosClass: 'BestEffort' },
    },
    writers: [KUBECTL, KUBELET],
    shape: `${volumes.length}`,
  });
}

export interface PendingClaimOptions {
  readonly claim: string;
  readonly size: number;
  readonly days: number;
}

/** A claim that no volume was made for, and of which the NAS knows nothing. */
export function addPendingClaim(deployment: Deployment, options: PendingClaimOptions): void {
  const { namespace, name: claimName } = splitKey(options.claim);
  const claimUid = uuidOf(`${deployment.cluster.cluster.uid} pending ${options.claim}`);
  const name = `pvc-${claimUid}`;
  addClaimObject(
    { deployment, namespace, claimName, claimUid, name, handle: name },
    { size: options.size, days: options.days },
    'Pending',
  );
}

export interface StaticVolumeOptions {
  readonly name: string;
  /** `namespace/name` of the claim that is bound to it. */
  readonly claim: string;
  readonly size: number;
  readonly days: number;
  /** The part of `spec` that says where the data is: `nfs:`, `iscsi:`, `csi:`. */
  readonly source: Record<string, unknown>;
  readonly annotations?: Record<string, string>;
}

/** A PersistentVolume written by hand, with its claim. */
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
        persistentVolumeReclaimPolicy: 'Retain',
        ...options.source,
      },
      status: { phase: 'Bound' },
    },
    writers: [KUBECTL],
    shape: options.name,
  });
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
