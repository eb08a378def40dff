import { type DriverEntry } from '../world.ts';
import { addObject } from './objects.ts';
import { type PathDriverName } from './path-driver-name.ts';
import { pathPods } from './path-pods.ts';
import { addPlugin, type Part, type PluginHealth } from './plugin.ts';
import { type Protocol } from './protocol.ts';
import { addDataset, type Cluster, type Nas } from './stage.ts';

export interface PathDriver {
  readonly cluster: Cluster;
  readonly nas: Nas;
  readonly driver: PathDriverName;
  readonly protocol: Protocol;
  readonly parent: string;
  readonly storageClass: string;
  /** What tns-csi writes as `cluster_id` on its volumes. */
  readonly clusterId: string | undefined;
}

export interface PathDriverOptions {
  readonly driver: PathDriverName;
  readonly protocol: Protocol;
  readonly parent?: string;
  readonly clusterId?: string;
  readonly declared?: 'no' | 'parent' | 'exclusive';
  /** How its pods are; well, unless said. */
  readonly health?: PluginHealth;
}

const HELM = [
  { manager: 'helm', keys: ['metadata', 'spec', 'parameters', 'provisioner', 'driver'] },
];
const DAYS = 300.5;

/** Installs a driver: CSIDriver, classes, its parent dataset, and its line in the configuration. */
export function addPathDriver(cluster: Cluster, nas: Nas, options: PathDriverOptions): PathDriver {
  const { driver, protocol, clusterId, declared = 'exclusive' } = options;
  const { parent = `tank/${driver === 'tns.csi.io' ? 'tns' : 'csi'}` } = options;
  const built: PathDriver = {
    cluster,
    nas,
    driver,
    protocol,
    parent,
    storageClass: `${driver.replaceAll('.', '-')}-${protocol}`,
    clusterId,
  };
  const drivers = cluster.cluster.objects['csidrivers'] ?? [];
  if (!drivers.some(({ metadata }) => metadata.name === driver)) {
    addDriverObject(built);
    addPods(built, options.health ?? {});
  }
  addClasses(built);
  if (!nas.datasets.has(parent)) addDataset(nas, parent, { days: 500.5 });
  if (declared !== 'no') cluster.stage.world.drivers.push(entryOf(built, declared));
  return built;
}

function entryOf(driver: PathDriver, declared: 'parent' | 'exclusive'): DriverEntry {
  const entry: DriverEntry = {
    driver: driver.driver,
    cluster: driver.cluster.cluster.name,
    system: driver.nas.system.name,
    parent: driver.parent,
    exclusive: declared === 'exclusive',
  };
  if (driver.clusterId !== undefined) entry.instance_id = driver.clusterId;
  return entry;
}

function addDriverObject({ cluster, driver }: PathDriver): void {
  addObject(cluster, {
    resource: 'csidrivers',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    name: driver,
    days: DAYS,
    body: {
      spec: {
        attachRequired: driver === 'csi.truenas.io',
        podInfoOnMount: true,
        volumeLifecycleModes: ['Persistent'],
      },
    },
    writers: HELM,
  });
}

function addPods({ cluster, driver }: PathDriver, health: PluginHealth): void {
  const pods = pathPods(driver, health);
  const whole = { days: DAYS, writers: HELM };
  const add = (part: Part) => addObject(cluster, { ...part, ...whole });
  addPlugin({ cluster, driver, main: pods.name, days: DAYS, health, add, ...pods });
}

function addClasses({ cluster, driver, storageClass, protocol, nas, parent }: PathDriver): void {
  const [pool = parent] = parent.split('/');
  addObject(cluster, {
    resource: 'storageclasses',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    name: storageClass,
    days: DAYS,
    body: {
      provisioner: driver,
      parameters:
        driver === 'tns.csi.io'
          ? { protocol, pool, parentDataset: parent, server: nas.host }
          : { protocol, pool, datasetPath: parent.slice(pool.length + 1), compression: 'LZ4' },
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
      volumeBindingMode: 'Immediate',
    },
    writers: HELM,
  });
  addObject(cluster, {
    resource: 'volumesnapshotclasses',
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    name: storageClass,
    days: DAYS,
    body: { driver, deletionPolicy: 'Delete' },
    writers: HELM,
  });
}
