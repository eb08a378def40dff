import { type LabCluster } from '../world.ts';
import { machinesOf, NODES, register } from './csi-nodes.ts';
import { uuidOf } from './identity.ts';
import { addObject } from './objects.ts';
import { addSnapshotControllers, type SnapshotControllerOptions } from './snapshot-controller.ts';
import { ago, objectsOf, type Cluster, type Stage } from './stage.ts';

export interface ClusterOptions {
  readonly name?: string;
  /** Age of `kube-system`. */
  readonly days?: number;
  readonly version?: string;
  /** KubeVirt and CDI are installed. */
  readonly virtualMachines?: boolean;
  /** Machines it has: three, unless said. */
  readonly machines?: readonly string[];
  readonly snapshotController?: SnapshotControllerOptions;
}

/** Groups of add-ons that most clusters do not have. */
const ADD_ONS = ['cdi.kubevirt.io', 'kubevirt.io'];

export function addCluster(stage: Stage, options: ClusterOptions = {}): Cluster {
  const { name = 'prod', days = 700, version = 'v1.35.2', machines = NODES } = options;
  const cluster: LabCluster = {
    name,
    uid: uuidOf(`cluster ${name}`),
    createdAt: ago(stage, days),
    version,
    platform: 'kubernetes',
    objects: {
      namespaces: [],
      persistentvolumes: [],
      persistentvolumeclaims: [],
      storageclasses: [],
      csidrivers: [],
      csinodes: [],
      leases: [],
      pods: [],
      volumesnapshotclasses: [],
      volumesnapshots: [],
      volumesnapshotcontents: [],
    },
    ...(options.virtualMachines === true ? {} : { missingGroups: ADD_ONS }),
  };
  stage.world.clusters.push(cluster);
  const built: Cluster = {
    stage,
    cluster,
    versions: { last: 1_000 },
    fieldSets: new Map(),
    idle: new Set(),
    finishing: [],
  };
  stage.clusters.push(built);
  for (const machine of machines) addNode(built, machine, days);
  built.finishing.push(() => {
    for (const machine of machinesOf(built)) register(built, machine.name, undefined);
    addSnapshotControllers(built, options.snapshotController ?? {});
  });
  return built;
}

const KUBELET = { manager: 'kubelet', subresource: 'status', keys: ['status'] };

/** What the control plane puts on a machine that it has lost sight of. */
const LOST = [
  { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
];

export function addNode(cluster: Cluster, name: string, days: number, ready = true): void {
  const lastTransitionTime = ago(cluster.stage, Math.min(days, 40));
  const number = objectsOf(cluster.cluster, 'nodes').length + 1;
  addObject(cluster, {
    resource: 'nodes',
    apiVersion: 'v1',
    kind: 'Node',
    name,
    days,
    labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    body: {
      spec: { podCIDR: `10.42.${number}.0/24`, ...(ready ? {} : { taints: LOST }) },
      status: {
        addresses: [
          { type: 'InternalIP', address: `10.10.1.${number}` },
          { type: 'Hostname', address: name },
        ],
        conditions: [
          {
            type: 'Ready',
            status: ready ? 'True' : 'False',
            reason: ready ? 'KubeletReady' : 'KubeletNotReady',
            lastTransitionTime,
          },
        ],
        nodeInfo: { kubeletVersion: cluster.cluster.version, operatingSystem: 'linux' },
      },
    },
    writers: [KUBELET],
    shape: String(ready),
  });
}
