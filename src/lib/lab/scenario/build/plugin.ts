import { type KubernetesObject } from '../world.ts';
import { podStatus, type ContainerSpec, type PodHealth } from './containers.ts';
import { machinesOf, register } from './csi-nodes.ts';
import { hex64Of } from './identity.ts';
import { addLease } from './leases.ts';
import { ownerReference } from './pods.ts';
import { leaseOf, type SidecarVersions } from './sidecars.ts';
import { type ObjectOptions } from './objects.ts';
import { type Cluster } from './stage.ts';

/** How the pods of a driver are, where they are not well. */
export interface PluginHealth {
  /** Image of the driver itself. */
  readonly image?: string;
  readonly sidecars?: SidecarVersions;
  /** Null where no pod of its controller runs. */
  readonly controller?: PodHealth | null;
  /** By name of the machine; null where no pod runs there. */
  readonly nodes?: Readonly<Record<string, PodHealth | null>>;
  /** Machines whose kubelet does not know it, though its pod is there. */
  readonly unregisteredOn?: readonly string[];
  /** How long ago its leaders were last heard of, in days. */
  readonly silentDays?: number;
}

export type Part = Omit<ObjectOptions, 'days' | 'writers' | 'labels'> & {
  readonly labels?: Record<string, string>;
};

/** A pod template of a driver. */
export interface PluginPods {
  readonly labels: Record<string, string>;
  readonly containers: readonly ContainerSpec[];
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A CSI driver as it is installed in a cluster. */
export interface Plugin {
  readonly cluster: Cluster;
  /** CSI driver name. */
  readonly driver: string;
  readonly namespace: string;
  /** What its workloads are called, short of `-controller` and `-node`. */
  readonly name: string;
  /** Container that is the driver itself. */
  readonly main: string;
  readonly days: number;
  readonly controller: PluginPods;
  readonly node: PluginPods;
  readonly health: PluginHealth;
  /** Adds an object as whoever installed the driver would. */
  readonly add: (part: Part) => KubernetesObject;
}

/** Adds the workloads of a driver, the pod that makes volumes, and those that mount them, one on each machine. */
export function addPlugin(plugin: Plugin): void {
  addController(plugin);
  const daemonSet = addWorkload(plugin, 'DaemonSet', plugin.node);
  plugin.cluster.finishing.push(() => {
    for (const machine of machinesOf(plugin.cluster)) addNodePod(plugin, daemonSet, machine);
  });
}

function addController(plugin: Plugin): void {
  const { controller, health, cluster, namespace, days, driver } = plugin;
  const deployment = addWorkload(plugin, 'Deployment', controller);
  const replicaSet = plugin.add({
    resource: 'replicasets',
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `${plugin.name}-controller-7d9c6b5f4`,
    namespace,
    labels: controller.labels,
    body: { spec: deployment['spec'], status: { replicas: 1, readyReplicas: 1 } },
  });
  replicaSet.metadata['ownerReferences'] = [ownerReference(deployment)];
  const pod = `${replicaSet.metadata.name}-x2x7k`;
  if (health.controller !== null) {
    addPod(plugin, controller, {
      pod,
      node: 'worker-1',
      owner: replicaSet,
      health: health.controller ?? {},
    });
  }
  for (const { name } of controller.containers) {
    const lease = leaseOf(name, driver);
    if (lease === undefined) continue;
    addLease(cluster, { namespace, name: lease, holder: pod, days, silentDays: health.silentDays });
  }
}

function addWorkload(
  plugin: Plugin,
  kind: 'Deployment' | 'DaemonSet',
  { labels, containers, spec }: PluginPods,
): KubernetesObject {
  const isDeployment = kind === 'Deployment';
  return plugin.add({
    resource: `${kind.toLowerCase()}s`,
    apiVersion: 'apps/v1',
    kind,
    name: `${plugin.name}-${isDeployment ? 'controller' : 'node'}`,
    namespace: plugin.namespace,
    labels,
    body: {
      spec: {
        ...(isDeployment ? { replicas: 1 } : {}),
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { ...spec, containers } },
      },
      status: isDeployment ? { replicas: 1, readyReplicas: 1, availableReplicas: 1 } : {},
    },
  });
}

function addNodePod(
  plugin: Plugin,
  owner: KubernetesObject,
  machine: { readonly name: string; readonly ready: boolean },
): void {
  const { driver, health } = plugin;
  const node = machine.name;
  const own = health.nodes?.[node];
  const isThere = own !== null;
  if (isThere) {
    const suffix = hex64Of(`${plugin.name} on ${node}`).slice(0, 5);
    addPod(plugin, plugin.node, {
      pod: `${plugin.name}-node-${suffix}`,
      node,
      owner,
      health: { ready: machine.ready, ...own },
    });
  }
  const isKnown = isThere && health.unregisteredOn?.includes(node) !== true;
  register(plugin.cluster, node, isKnown ? driver : undefined);
}

interface PluginPod {
  readonly pod: string;
  readonly node: string;
  readonly owner: KubernetesObject;
  readonly health: PodHealth;
}

function addPod(
  { add, cluster, namespace, days, main }: Plugin,
  { labels, containers, spec }: PluginPods,
  { pod, node, owner, health }: PluginPod,
): void {
  const object = add({
    resource: 'pods',
    apiVersion: 'v1',
    kind: 'Pod',
    name: pod,
    namespace,
    labels,
    body: {
      spec: { ...spec, containers, nodeName: node },
      status: podStatus(cluster.stage, { days, containers, main, health }),
    },
    shape: owner.kind,
  });
  object.metadata['ownerReferences'] = [ownerReference(owner)];
}
