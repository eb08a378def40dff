import { type LabCluster } from '../world.ts';
import { uuidOf } from './identity.ts';
import { addObject } from './objects.ts';
import { ago, type Cluster, type Stage } from './stage.ts';

export interface ClusterOptions {
  readonly name?: string;
  /** Age of `kube-system`. */
  readonly days?: number;
  readonly version?: string;
  /** KubeVirt and CDI are installed. */
  readonly virtualMachines?: boolean;
}

/** Groups of add-ons that most clusters do not have. */
const ADD_ONS = ['cdi.kubevirt.io', 'kubevirt.io'];

export function addCluster(stage: Stage, options: ClusterOptions = {}): Cluster {
  const { name = 'prod', days = 700, version = 'v1.35.2' } = options;
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
  };
  stage.clusters.push(built);
  addNodes(built, days);
  return built;
}

/** Machines every cluster has. */
export const NODES = ['worker-1', 'worker-2', 'worker-3'] as const;

const KUBELET = { manager: 'kubelet', subresource: 'status', keys: ['status'] };

function addNodes(cluster: Cluster, days: number): void {
  for (const name of NODES) addNode(cluster, name, days);
}

export function addNode(cluster: Cluster, name: string, days: number, ready = true): void {
  const lastTransitionTime = ago(cluster.stage, Math.min(days, 40));
  addObject(cluster, {
    resource: 'nodes',
    apiVersion: 'v1',
    kind: 'Node',
    name,
    days,
    labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    body: {
      spec: { podCIDR: '10.42.0.0/24' },
      status: {
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
