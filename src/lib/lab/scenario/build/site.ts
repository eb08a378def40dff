import { type ExpectedFinding, type TrueNasVersion } from '../world.ts';
import { type Built } from './define.ts';
import { addDeployment, type Deployment, type DeploymentOptions } from './deployment.ts';
import { addCluster } from './cluster.ts';
import { addNas, GIB, newStage, type Cluster, type Nas, type Stage } from './stage.ts';
import { addVolume, type Volume } from './volume.ts';
import { type VolumeOptions } from './volume-options.ts';
import { addMissingNamespaces } from './namespaces.ts';
import { attachVolumes, serveClaims } from './use.ts';

/** One NAS, one cluster, and a driver for each protocol: what most small worlds start from. */
export interface Site {
  readonly stage: Stage;
  readonly nas: Nas;
  readonly cluster: Cluster;
  readonly nfs: Deployment;
  readonly iscsi: Deployment;
}

export interface SiteOptions extends Pick<
  DeploymentOptions,
  'declared' | 'instanceId' | 'config' | 'kind' | 'health' | 'podSecurity'
> {
  readonly pools?: readonly string[];
  /** Age of the cluster and of its drivers. */
  readonly days?: number;
  /** Version of Kubernetes. */
  readonly kubernetes?: string;
  readonly virtualMachines?: boolean;
}

export function newSite(version: TrueNasVersion, options: SiteOptions = {}): Site {
  const { pools = ['tank'], days = 700, kubernetes, virtualMachines, ...shared } = options;
  const [pool = 'tank'] = pools;
  const stage = newStage();
  const nas = addNas(stage, version, { pools });
  const cluster = addCluster(stage, {
    days,
    ...(kubernetes === undefined ? {} : { version: kubernetes }),
    ...(virtualMachines === undefined ? {} : { virtualMachines }),
  });
  const deploy = (protocol: 'nfs' | 'iscsi'): Deployment =>
    addDeployment(cluster, nas, {
      protocol,
      parent: `${pool}/k8s/${protocol}/vols`,
      days,
      ...shared,
    });
  return { stage, nas, cluster, nfs: deploy('nfs'), iscsi: deploy('iscsi') };
}

/** A volume of ordinary size and age, short of what the options say. */
export function addOne(
  deployment: Deployment,
  claim: string,
  options: Partial<VolumeOptions> = {},
): Volume {
  return addVolume(deployment, { claim, size: 20 * GIB, used: 5 * GIB, days: 100.5, ...options });
}

/** Volumes with nothing wrong about them, so that a parent is not mostly faults. */
export function addSound(deployment: Deployment, count: number): Volume[] {
  return Array.from({ length: count }, (_, index) =>
    addOne(deployment, `apps/${deployment.protocol}-data-${index}`, { days: 90.25 + index }),
  );
}

/** Gives the world what every world has: users of its claims, their attachments, pods on machines, and namespaces for them all. */
export function finish({ stage }: Pick<Site, 'stage'>, expected: ExpectedFinding[]): Built {
  for (const cluster of stage.clusters) {
    if (!stage.world.clusters.includes(cluster.cluster)) continue;
    serveClaims(cluster);
    attachVolumes(cluster);
    for (const last of cluster.finishing.splice(0)) last();
    addMissingNamespaces(cluster);
  }
  return { world: stage.world, expected };
}
