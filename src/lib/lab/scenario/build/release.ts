import { type KubernetesObject } from '../world.ts';
import { configText, type ConfigTextOptions } from './config-text.ts';
import { type Deployment } from './deployment-facts.ts';
import { controllerPods, nodePods } from './democratic-pods.ts';
import { addNamespace, type PodSecurity } from './namespaces.ts';
import { addObject } from './objects.ts';
import { addPlugin, type Part, type PluginHealth } from './plugin.ts';
import { isBlock } from './protocol.ts';

/** What the chart leaves in the cluster, and what of it is missing. */
export interface ReleaseOptions {
  readonly bindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  /** What its Secret says: what the deployment does, unless told otherwise; text as it is; null for no Secret at all. */
  readonly config?: ConfigTextOptions | string | null;
  /** Uninstalled: its classes were left behind. */
  readonly uninstalled?: boolean;
  /** How its pods are; well, unless said. */
  readonly health?: PluginHealth;
  readonly classes?: ClassOptions;
  /** What its namespace admits: its pods, unless said. */
  readonly podSecurity?: PodSecurity;
}

/** Where its classes depart from what people write. */
export interface ClassOptions {
  /** Annotated as the default of the cluster. */
  readonly isDefault?: boolean;
  readonly allowsExpansion?: boolean;
  /** Beside those that every class has. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly mountOptions?: readonly string[];
  /** Both of its snapshot classes are annotated as the default of the driver. */
  readonly snapshotDefaults?: boolean;
}

/** Namespace of every release. */
const NAMESPACE = 'democratic-csi';

const HELM = [
  { manager: 'helm', keys: ['metadata', 'spec', 'parameters', 'provisioner', 'driver', 'type'] },
];

/** Adds what `helm install` of a driver adds. */
export function addRelease(deployment: Deployment, options: ReleaseOptions): void {
  const { bindingMode = 'Immediate', uninstalled = false, classes = {} } = options;
  if (!uninstalled) {
    addDriverObject(deployment);
    addPods(deployment, options.health ?? {});
    if (options.podSecurity !== undefined) {
      addNamespace(deployment.cluster, NAMESPACE, deployment.days, options.podSecurity);
    }
    const { config = {} } = options;
    if (config !== null) addSecret(deployment, config);
  }
  addStorageClass(deployment, bindingMode, classes);
  for (const detached of [false, true]) addSnapshotClass(deployment, detached, classes);
}

function add(deployment: Deployment, part: Part): KubernetesObject {
  const { cluster, days } = deployment;
  return addObject(cluster, {
    ...part,
    days,
    labels: { ...chartLabels(deployment), ...part.labels },
    annotations: {
      'meta.helm.sh/release-name': deployment.storageClass,
      'meta.helm.sh/release-namespace': NAMESPACE,
      ...part.annotations,
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

function addPods(deployment: Deployment, health: PluginHealth): void {
  const { cluster, driver, days } = deployment;
  const name = releaseName(deployment);
  const facts = { deployment, namespace: NAMESPACE, name, health };
  addPlugin({
    cluster,
    driver,
    namespace: NAMESPACE,
    name,
    main: 'csi-driver',
    days,
    controller: controllerPods(facts),
    node: nodePods(facts),
    health,
    add: (part) => add(deployment, part),
  });
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

const DEFAULT_CLASS = { 'storageclass.kubernetes.io/is-default-class': 'true' };
const DEFAULT_SNAPSHOT_CLASS = { 'snapshot.storage.kubernetes.io/is-default-class': 'true' };

function addStorageClass(
  deployment: Deployment,
  volumeBindingMode: string,
  classes: ClassOptions,
): void {
  const { protocol, driver, storageClass } = deployment;
  const { allowsExpansion: allowVolumeExpansion = true, parameters = {} } = classes;
  const usual = protocol === 'nfs' ? ['noatime', 'nfsvers=4.2'] : undefined;
  const { mountOptions = usual } = classes;
  const fsType = { nfs: 'nfs', smb: 'cifs', iscsi: 'ext4', nvmeof: 'ext4' }[protocol];
  add(deployment, {
    resource: 'storageclasses',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    name: storageClass,
    annotations: classes.isDefault === true ? DEFAULT_CLASS : undefined,
    body: {
      provisioner: driver,
      parameters: { detachedVolumesFromSnapshots: 'false', fsType, ...parameters },
      reclaimPolicy: deployment.policy,
      allowVolumeExpansion,
      volumeBindingMode,
      ...(mountOptions === undefined ? {} : { mountOptions }),
    },
  });
}

/** Adds another class of the same driver. */
export function addFurtherClass(deployment: Deployment, storageClass: string): void {
  addStorageClass({ ...deployment, storageClass }, 'Immediate', {});
}

/** A class that makes copies has to be another than the one that makes snapshots in place. */
export function snapshotClassName(storageClass: string, detached: boolean): string {
  return `${storageClass}-${detached ? 'detached' : 'snapshots'}`;
}

function addSnapshotClass(
  deployment: Deployment,
  detached: boolean,
  { snapshotDefaults = false }: ClassOptions,
): void {
  const { driver, storageClass } = deployment;
  add(deployment, {
    resource: 'volumesnapshotclasses',
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    name: snapshotClassName(storageClass, detached),
    annotations: snapshotDefaults ? DEFAULT_SNAPSHOT_CLASS : undefined,
    body: {
      driver,
      deletionPolicy: 'Delete',
      parameters: { detachedSnapshots: String(detached) },
    },
  });
}
