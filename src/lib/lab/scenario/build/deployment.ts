import { type DriverEntry } from '../world.ts';
import { type Deployment } from './deployment-facts.ts';
import { type Protocol } from './protocol.ts';
import { addRelease, type ReleaseOptions } from './release.ts';
import { addDataset, type Cluster, type Nas } from './stage.ts';

export { type Deployment } from './deployment-facts.ts';

type Shape = Pick<
  Deployment,
  | 'kind'
  | 'driver'
  | 'parent'
  | 'instanceId'
  | 'storageClass'
  | 'policy'
  | 'assetPrefix'
  | 'assetSuffix'
  | 'assetTemplate'
  | 'idTemplate'
  | 'idHash'
  | 'keepsDeleted'
  | 'days'
>;

export interface DeploymentOptions extends Partial<Shape>, ReleaseOptions {
  readonly protocol: Protocol;
  /**
   * What `drivers:` of the monitor's configuration says of it: nothing, its parent, or also that no
   * unregistered cluster uses the parent.
   */
  readonly declared?: 'no' | 'parent' | 'exclusive';
}

/** Age of parent datasets. */
const PARENT_DAYS = 880;

/** Installs a driver release: its Kubernetes objects, parent datasets, and its line in the configuration. */
export function addDeployment(cluster: Cluster, nas: Nas, options: DeploymentOptions): Deployment {
  const deployment = deploymentOf(cluster, nas, options);
  const { declared = 'exclusive' } = options;
  addRelease(deployment, options);
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
    kind = `freenas-api-${protocol}`,
    driver = `org.democratic-csi.${protocol}`,
    parent = `tank/k8s/${protocol}/vols`,
    storageClass = `nas-${protocol}`,
    policy = 'Delete',
    assetPrefix = 'csi-',
    assetSuffix = `-${cluster.cluster.name}`,
    keepsDeleted = false,
    days = 690,
    instanceId,
    assetTemplate,
    idTemplate,
    idHash,
  } = options;
  return {
    cluster,
    nas,
    protocol,
    kind,
    driver,
    parent,
    detachedParent: `${parent.slice(0, parent.lastIndexOf('/'))}/snaps`,
    instanceId,
    storageClass,
    policy,
    assetPrefix,
    assetSuffix,
    assetTemplate,
    idTemplate,
    idHash,
    keepsDeleted,
    host: nas.host,
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
