import { type KubernetesObject } from '../world.ts';
import { type Deployment } from './deployment.ts';
import { uuidOf } from './identity.ts';
import { addObject, quantityOf, splitKey } from './objects.ts';
import { isBlock } from './protocol.ts';
import { ago } from './stage.ts';
import { type VolumeOptions } from './volume-options.ts';

/** The names of one volume. */
export interface VolumeNames {
  readonly deployment: Deployment;
  readonly namespace: string;
  readonly claimName: string;
  readonly claimUid: string;
  readonly name: string;
  readonly handle: string;
}

const PROVISIONER = { manager: 'csi-provisioner', keys: ['metadata', 'spec'] };
const CONTROLLER = { manager: 'kube-controller-manager', subresource: 'status', keys: ['status'] };
const BINDER = { manager: 'kube-controller-manager', keys: ['metadata', 'spec'] };

function accessMode(deployment: Deployment): string {
  return isBlock(deployment.protocol) ? 'ReadWriteOnce' : 'ReadWriteMany';
}

export function addVolumeObject(
  names: VolumeNames,
  context: Record<string, string>,
  options: VolumeOptions,
  released: boolean,
): KubernetesObject {
  const { deployment } = names;
  const { protocol, cluster } = deployment;
  const policy = options.policy ?? deployment.policy;
  const phase = options.phase ?? (released ? 'Released' : 'Bound');
  const changed = released ? (options.releasedDays ?? options.days) : options.days;
  return addObject(cluster, {
    resource: 'persistentvolumes',
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    name: names.name,
    days: options.days,
    labels: options.labels,
    annotations: {
      'pv.kubernetes.io/provisioned-by': deployment.driver,
      'volume.kubernetes.io/provisioner-deletion-secret-name': '',
      'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
    },
    // The provisioner guards only volumes that it will have to delete.
    finalizers: [
      ...(policy === 'Delete' ? ['external-provisioner.volume.kubernetes.io/finalizer'] : []),
      'kubernetes.io/pv-protection',
    ],
    body: {
      spec: {
        accessModes: [accessMode(deployment)],
        capacity: { storage: quantityOf(options.size) },
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name: names.claimName,
          namespace: names.namespace,
          resourceVersion: String(cluster.versions.last),
          uid: names.claimUid,
        },
        csi: {
          driver: deployment.driver,
          fsType: { nfs: 'nfs', smb: 'cifs', iscsi: 'ext4', nvmeof: 'ext4' }[protocol],
          volumeAttributes: volumeAttributes(deployment, context),
          volumeHandle: names.handle,
        },
        ...(protocol === 'nfs' ? { mountOptions: ['noatime', 'nfsvers=4.2'] } : {}),
        persistentVolumeReclaimPolicy: policy,
        storageClassName: deployment.storageClass,
        volumeMode: 'Filesystem',
      },
      status: {
        lastPhaseTransitionTime: ago(cluster.stage, changed),
        phase,
        ...(options.statusMessage === undefined ? {} : { message: options.statusMessage }),
      },
    },
    writers: [PROVISIONER, CONTROLLER],
    shape: `${deployment.driver} ${phase} ${policy}`,
  });
}

function volumeAttributes(
  deployment: Deployment,
  context: Record<string, string>,
): Record<string, string> {
  const attributes = { ...context, provisioner_driver: deployment.kind };
  const instance: Record<string, string> =
    deployment.instanceId === undefined
      ? {}
      : { provisioner_driver_instance_id: deployment.instanceId };
  return {
    ...attributes,
    ...instance,
    'storage.kubernetes.io/csiProvisionerIdentity': deployment.identity,
  };
}

export function addClaimObject(
  names: VolumeNames,
  options: Pick<VolumeOptions, 'size' | 'days' | 'labels'>,
  phase: string,
): KubernetesObject {
  const { deployment } = names;
  const bound = phase !== 'Pending';
  const modes = [accessMode(deployment)];
  const storage = quantityOf(options.size);
  return addObject(deployment.cluster, {
    resource: 'persistentvolumeclaims',
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name: names.claimName,
    namespace: names.namespace,
    uid: names.claimUid,
    days: options.days,
    labels: { 'app.kubernetes.io/name': appOf(names.claimName), ...options.labels },
    annotations: {
      ...(bound
        ? {
            'pv.kubernetes.io/bind-completed': 'yes',
            'pv.kubernetes.io/bound-by-controller': 'yes',
          }
        : {}),
      'volume.beta.kubernetes.io/storage-provisioner': deployment.driver,
      'volume.kubernetes.io/storage-provisioner': deployment.driver,
    },
    finalizers: ['kubernetes.io/pvc-protection'],
    body: {
      spec: {
        accessModes: modes,
        resources: { requests: { storage } },
        storageClassName: deployment.storageClass,
        volumeMode: 'Filesystem',
        ...(bound ? { volumeName: names.name } : {}),
      },
      status: bound ? { accessModes: modes, capacity: { storage }, phase } : { phase },
    },
    writers: [BINDER, CONTROLLER],
    shape: bound ? 'bound' : 'pending',
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

/** `data-postgres-0` belongs to the app `postgres`. */
function appOf(claim: string): string {
  return claim.replace(/^(?:data|config|cache|storage)-/, '').replace(/-\d+$/, '');
}
