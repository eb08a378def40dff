import { type KubernetesObject } from '../world.ts';
import { NODES } from './csi-nodes.ts';
import { numberOf } from './identity.ts';
import { addObject, splitKey } from './objects.ts';
import { type Cluster } from './stage.ts';

const KUBECTL = { manager: 'kubectl-client-side-apply', keys: ['metadata', 'spec'] };
const KUBELET = { manager: 'kubelet', subresource: 'status', keys: ['status'] };

export interface PodOptions {
  /** `namespace/name`. */
  readonly pod: string;
  readonly days: number;
  /** Names of claims in its namespace. */
  readonly claims?: readonly string[];
  /** Volumes written straight into its spec. */
  readonly volumes?: readonly PodVolume[];
  readonly phase?: 'Running' | 'Pending' | 'Succeeded' | 'Failed';
  readonly owner?: KubernetesObject;
  /** Machine it runs on. */
  readonly node?: string;
}

/** A volume in a pod's spec: its name, and where the data is. */
export interface PodVolume {
  readonly name: string;
  readonly [source: string]: unknown;
}

/** The volumes of a pod or a template that uses claims. */
export function claimVolumes(claims: readonly string[]): PodVolume[] {
  return claims.map((claimName, index) => ({
    name: `data-${index}`,
    persistentVolumeClaim: { claimName },
  }));
}

/** The machine a pod runs on. */
export function nodeOf(pod: string): string {
  return NODES[numberOf(`node of ${pod}`, NODES.length)] ?? NODES[0];
}

export function ownerReference({ apiVersion, kind, metadata }: KubernetesObject): object {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
}

/** The part of a pod's spec that templates have too. */
export function podSpec(
  namespace: string,
  app: string,
  volumes: readonly PodVolume[],
): Record<string, unknown> {
  return {
    containers: [
      {
        name: app,
        image: `registry.example/${namespace}/${app}:1.0`,
        volumeMounts: volumes.map((volume, index) => ({
          name: volume.name,
          mountPath: `/data/${index}`,
        })),
      },
    ],
    restartPolicy: 'Always',
    serviceAccountName: 'default',
    volumes,
  };
}

export function addPod(cluster: Cluster, options: PodOptions): KubernetesObject {
  const { phase = 'Running', owner, node = nodeOf(options.pod) } = options;
  const { namespace, name } = splitKey(options.pod);
  const app = name.replace(/-\d+$/, '').slice(0, 63);
  const volumes = [...claimVolumes(options.claims ?? []), ...(options.volumes ?? [])];
  const pod = addObject(cluster, {
    resource: 'pods',
    apiVersion: 'v1',
    kind: 'Pod',
    name,
    namespace,
    days: options.days,
    labels: { 'app.kubernetes.io/name': app },
    body: {
      spec: {
        ...podSpec(namespace, app, volumes),
        ...(phase === 'Pending' ? {} : { nodeName: node }),
      },
      status: { phase, podIP: '10.42.1.17', qosClass: 'BestEffort' },
    },
    writers: [KUBECTL, KUBELET],
    shape: `${volumes.length}`,
  });
  if (owner !== undefined) pod.metadata['ownerReferences'] = [ownerReference(owner)];
  return pod;
}
