import { type DriverEntry } from '../world.ts';
import { addObject } from './objects.ts';
import { addDataset, type Cluster, type Nas } from './stage.ts';

export type Protocol = 'nfs' | 'iscsi';

/** One release of democratic-csi: a driver in a cluster that makes volumes under one parent. */
export interface Deployment {
  readonly cluster: Cluster;
  readonly nas: Nas;
  readonly protocol: Protocol;
  /** CSI driver name. */
  readonly driver: string;
  readonly parent: string;
  readonly detachedParent: string;
  readonly instanceId: string | undefined;
  readonly storageClass: string;
  readonly policy: 'Delete' | 'Retain';
  /** Put before and behind the volume id in target and extent names. */
  readonly assetPrefix: string;
  readonly assetSuffix: string;
  readonly host: string;
  readonly identity: string;
  /** Age of the release. */
  readonly days: number;
}

export interface DeploymentOptions {
  readonly protocol: Protocol;
  readonly driver?: string;
  readonly parent?: string;
  readonly instanceId?: string;
  readonly storageClass?: string;
  readonly policy?: 'Delete' | 'Retain';
  readonly bindingMode?: 'Immediate' | 'WaitForFirstConsumer';
  readonly assetSuffix?: string;
  readonly days?: number;
  /**
   * What `drivers:` of the monitor's configuration says of it: nothing, its parent, or also that no
   * unregistered cluster uses the parent.
   */
  readonly declared?: 'no' | 'parent' | 'exclusive';
}

/** Age of parent datasets. */
const PARENT_DAYS = 880;

const DEFAULT_PARENT: Record<Protocol, string> = {
  nfs: 'tank/k8s/nfs/vols',
  iscsi: 'tank/k8s/iscsi/vols',
};

/** Installs a driver release: CSIDriver, classes, parent datasets, and its line in the configuration. */
export function addDeployment(cluster: Cluster, nas: Nas, options: DeploymentOptions): Deployment {
  const deployment = deploymentOf(cluster, nas, options);
  const { bindingMode = 'Immediate', declared = 'exclusive' } = options;
  addDriverObject(deployment);
  addClasses(deployment, bindingMode);
  for (const dataset of [deployment.parent, deployment.detachedParent]) {
    // A parent outlives the clusters that use it.
    if (!nas.datasets.has(dataset)) addDataset(nas, dataset, { days: PARENT_DAYS });
  }
  if (declared !== 'no') {
    cluster.stage.world.drivers.push(driverEntry(deployment, declared === 'exclusive'));
  }
  return deployment;
}

function deploymentOf(cluster: Cluster, nas: Nas, options: DeploymentOptions): Deployment {
  const { protocol } = options;
  const {
    driver = `org.democratic-csi.${protocol}`,
    parent = DEFAULT_PARENT[protocol],
    storageClass = `nas-${protocol}`,
    policy = 'Delete',
    assetSuffix = `-${cluster.cluster.name}`,
    days = 690,
    instanceId,
  } = options;
  return {
    cluster,
    nas,
    protocol,
    driver,
    parent,
    detachedParent: `${parent.slice(0, parent.lastIndexOf('/'))}/snaps`,
    instanceId,
    storageClass,
    policy,
    assetPrefix: 'csi-',
    assetSuffix,
    host: '10.10.0.5',
    identity: `1763770000000-4821-${driver}`,
    days,
  };
}

function driverEntry(deployment: Deployment, exclusive: boolean): DriverEntry {
  const entry: DriverEntry = {
    driver: deployment.driver,
    cluster: deployment.cluster.cluster.name,
    system: deployment.nas.system.name,
    parent: deployment.parent,
    detached_snapshots_parent: deployment.detachedParent,
    exclusive,
  };
  if (deployment.instanceId !== undefined) entry.instance_id = deployment.instanceId;
  return entry;
}

function chartLabels(deployment: Deployment): Record<string, string> {
  return {
    'app.kubernetes.io/instance': deployment.storageClass,
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/name': 'democratic-csi',
    'helm.sh/chart': 'democratic-csi-0.15.1',
  };
}

const HELM = [
  { manager: 'helm', keys: ['metadata', 'spec', 'parameters', 'provisioner', 'driver'] },
];

function addDriverObject(deployment: Deployment): void {
  addObject(deployment.cluster, {
    resource: 'csidrivers',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    name: deployment.driver,
    days: deployment.days,
    labels: chartLabels(deployment),
    body: {
      spec: {
        attachRequired: true,
        fsGroupPolicy: deployment.protocol === 'nfs' ? 'File' : 'ReadWriteOnceWithFSType',
        podInfoOnMount: true,
        requiresRepublish: false,
        storageCapacity: false,
        volumeLifecycleModes: ['Persistent'],
      },
    },
    writers: HELM,
  });
}

function addClasses(deployment: Deployment, volumeBindingMode: string): void {
  const { cluster, protocol, driver, storageClass, days } = deployment;
  addObject(cluster, {
    resource: 'storageclasses',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    name: storageClass,
    days,
    labels: chartLabels(deployment),
    body: {
      provisioner: driver,
      parameters: {
        detachedVolumesFromSnapshots: 'false',
        fsType: protocol === 'nfs' ? 'nfs' : 'ext4',
      },
      reclaimPolicy: deployment.policy,
      allowVolumeExpansion: true,
      volumeBindingMode,
      ...(protocol === 'nfs' ? { mountOptions: ['noatime', 'nfsvers=4.2'] } : {}),
    },
    writers: HELM,
  });
  for (const detached of [false, true]) {
    addObject(cluster, {
      resource: 'volumesnapshotclasses',
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotClass',
      name: detached ? `${storageClass}-detached` : storageClass,
      days,
      labels: chartLabels(deployment),
      body: {
        driver,
        deletionPolicy: detached ? 'Retain' : 'Delete',
        parameters: { detachedSnapshots: String(detached) },
      },
      writers: HELM,
    });
  }
}
