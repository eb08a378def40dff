import { type KubernetesObject } from '../world.ts';
import { configText, type ConfigTextOptions } from './config-text.ts';
import { type Deployment } from './deployment-facts.ts';
import { addObject, type ObjectOptions } from './objects.ts';
import { isBlock } from './protocol.ts';

/** What the chart leaves in the cluster, and what of it is missing. */
export interface ReleaseOptions {
  readonly bindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  /** What its Secret says: what the deployment does, unless told otherwise; text as it is; null for no Secret at all. */
  readonly config?: ConfigTextOptions | string | null;
  /** Uninstalled: its classes were left behind. */
  readonly uninstalled?: boolean;
}

/** Namespace of every release. */
const NAMESPACE = 'democratic-csi';

const HELM = [
  { manager: 'helm', keys: ['metadata', 'spec', 'parameters', 'provisioner', 'driver', 'type'] },
];

/** Adds what `helm install` of a driver adds. */
export function addRelease(deployment: Deployment, options: ReleaseOptions): void {
  const { bindingMode = 'Immediate', uninstalled = false } = options;
  if (!uninstalled) {
    addDriverObject(deployment);
    addController(deployment, options.config === undefined ? {} : options.config);
  }
  addStorageClass(deployment, bindingMode);
  for (const detached of [false, true]) addSnapshotClass(deployment, detached);
}

type Part = Omit<ObjectOptions, 'days' | 'writers' | 'labels'> & {
  readonly labels?: Record<string, string>;
};

function add(deployment: Deployment, part: Part): KubernetesObject {
  const { cluster, days } = deployment;
  return addObject(cluster, {
    ...part,
    days,
    labels: { ...chartLabels(deployment), ...part.labels },
    annotations: {
      'meta.helm.sh/release-name': deployment.storageClass,
      'meta.helm.sh/release-namespace': NAMESPACE,
    },
    writers: HELM,
  });
}

function chartLabels(deployment: Deployment): Record<string, string> {
  return {
    'app.kubernetes.io/instance': deployment.storageClass,
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/name': 'democratic-csi',
    'helm.sh/chart': 'democratic-csi-0.15.1',
  };
}

function addDriverObject(deployment: Deployment): void {
  add(deployment, {
    resource: 'csidrivers',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    name: deployment.driver,
    body: {
      spec: {
        attachRequired: true,
        fsGroupPolicy: isBlock(deployment.protocol) ? 'ReadWriteOnceWithFSType' : 'File',
        podInfoOnMount: true,
        requiresRepublish: false,
        storageCapacity: false,
        volumeLifecycleModes: ['Persistent'],
      },
    },
  });
}

/** Name by which the chart calls what belongs to a release. */
export function releaseName({ storageClass }: Pick<Deployment, 'storageClass'>): string {
  return `${storageClass}-democratic-csi`;
}

/** The Deployment, its pod, and the Secret the pod mounts. */
function addController(deployment: Deployment, config: ConfigTextOptions | string | null): void {
  const name = releaseName(deployment);
  const labels = {
    'app.kubernetes.io/csi-role': 'controller',
    'app.kubernetes.io/component': 'controller-linux',
  };
  const spec = podSpec(deployment);
  add(deployment, {
    resource: 'deployments',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: `${name}-controller`,
    namespace: NAMESPACE,
    labels,
    body: {
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec },
      },
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
    },
  });
  add(deployment, {
    resource: 'pods',
    apiVersion: 'v1',
    kind: 'Pod',
    name: `${name}-controller-7d9c6b5f4-x2x7k`,
    namespace: NAMESPACE,
    labels,
    body: {
      spec: { ...spec, nodeName: 'worker-1' },
      status: { phase: 'Running', podIP: '10.42.1.9', qosClass: 'BestEffort' },
    },
  });
  if (config !== null) addSecret(deployment, config);
}

function podSpec({ driver, storageClass }: Deployment): Record<string, unknown> {
  const name = releaseName({ storageClass });
  return {
    serviceAccountName: `${name}-controller-sa`,
    containers: [
      {
        name: 'external-provisioner',
        image: 'registry.example/sig-storage/csi-provisioner:v3.6.0',
        args: ['--v=5', '--leader-election', '--extra-create-metadata'],
      },
      {
        name: 'csi-driver',
        image: 'registry.example/democratic-csi/democratic-csi:v1.9.4',
        args: [
          '--csi-version=1.5.0',
          `--csi-name=${driver}`,
          '--driver-config-file=/config/driver-config-file.yaml',
          '--log-level=info',
          '--csi-mode=controller',
          '--server-socket=/csi-data/csi.sock.internal',
        ],
        volumeMounts: [
          { name: 'socket-dir', mountPath: '/csi-data' },
          { name: 'config', mountPath: '/config' },
        ],
      },
    ],
    volumes: [
      { name: 'socket-dir', emptyDir: {} },
      { name: 'config', secret: { secretName: `${name}-driver-config` } },
    ],
  };
}

function addSecret(deployment: Deployment, config: ConfigTextOptions | string): void {
  const content = typeof config === 'string' ? config : configText(deployment, config);
  add(deployment, {
    resource: 'secrets',
    apiVersion: 'v1',
    kind: 'Secret',
    name: `${releaseName(deployment)}-driver-config`,
    namespace: NAMESPACE,
    body: {
      type: 'Opaque',
      data: { 'driver-config-file.yaml': Buffer.from(content).toString('base64') },
    },
  });
}

function addStorageClass(deployment: Deployment, volumeBindingMode: string): void {
  const { protocol, driver, storageClass } = deployment;
  const fsType = { nfs: 'nfs', smb: 'cifs', iscsi: 'ext4', nvmeof: 'ext4' }[protocol];
  add(deployment, {
    resource: 'storageclasses',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    name: storageClass,
    body: {
      provisioner: driver,
      parameters: { detachedVolumesFromSnapshots: 'false', fsType },
      reclaimPolicy: deployment.policy,
      allowVolumeExpansion: true,
      volumeBindingMode,
      ...(protocol === 'nfs' ? { mountOptions: ['noatime', 'nfsvers=4.2'] } : {}),
    },
  });
}

/** A class that makes copies has to be another than the one that makes snapshots in place. */
export function snapshotClassName(storageClass: string, detached: boolean): string {
  return `${storageClass}-${detached ? 'detached' : 'snapshots'}`;
}

function addSnapshotClass(deployment: Deployment, detached: boolean): void {
  const { driver, storageClass } = deployment;
  add(deployment, {
    resource: 'volumesnapshotclasses',
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    name: snapshotClassName(storageClass, detached),
    body: {
      driver,
      deletionPolicy: 'Delete',
      parameters: { detachedSnapshots: String(detached) },
    },
  });
}
