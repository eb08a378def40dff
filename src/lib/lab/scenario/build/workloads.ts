import { type KubernetesObject } from '../world.ts';
import { addObject, splitKey } from './objects.ts';
import { claimVolumes, ownerReference, podSpec, type PodVolume } from './pods.ts';
import { ago, type Cluster } from './stage.ts';

const KUBECTL = { manager: 'kubectl-client-side-apply', keys: ['metadata', 'spec'] };

const API_VERSIONS = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  ReplicationController: 'v1',
} as const;

export interface WorkloadOptions {
  /** `namespace/name`. */
  readonly name: string;
  readonly days: number;
  /** Pods it wants. */
  readonly replicas?: number;
  /** Claims its template names. */
  readonly claims?: readonly string[];
  /** Names of the claims a StatefulSet makes for each of its pods, without its own name behind them. */
  readonly claimTemplates?: readonly string[];
  readonly owner?: KubernetesObject;
}

/** Something that keeps pods running. */
export function addWorkload(
  cluster: Cluster,
  kind: keyof typeof API_VERSIONS,
  options: WorkloadOptions,
): KubernetesObject {
  const { namespace, name } = splitKey(options.name);
  const { replicas = 1, claims = [], claimTemplates = [], owner } = options;
  const labels = { 'app.kubernetes.io/name': name };
  const spec = podSpec(namespace, name, claimVolumes(claims));
  const counts = kind === 'DaemonSet' ? {} : { replicas };
  const workload = addObject(cluster, {
    resource: `${kind.toLowerCase()}s`,
    apiVersion: API_VERSIONS[kind],
    kind,
    name,
    namespace,
    days: options.days,
    labels,
    body: {
      spec: {
        ...counts,
        selector: kind === 'ReplicationController' ? labels : { matchLabels: labels },
        template: { metadata: { labels }, spec },
        ...(kind === 'StatefulSet'
          ? {
              serviceName: name,
              volumeClaimTemplates: claimTemplates.map((template) => ({
                metadata: { name: template },
                spec: { accessModes: ['ReadWriteOnce'] },
              })),
            }
          : {}),
      },
      status: { ...counts, observedGeneration: 1 },
    },
    writers: [KUBECTL],
    shape: `${claims.length} ${claimTemplates.length}`,
  });
  if (owner !== undefined) workload.metadata['ownerReferences'] = [ownerReference(owner)];
  return workload;
}

function jobSpec(namespace: string, name: string, claims: readonly string[]): object {
  const spec = { ...podSpec(namespace, name, claimVolumes(claims)), restartPolicy: 'Never' };
  return { template: { metadata: { labels: { 'app.kubernetes.io/name': name } }, spec } };
}

export interface JobOptions {
  readonly name: string;
  readonly days: number;
  readonly claims: readonly string[];
  readonly suspended?: boolean;
  readonly finished?: boolean;
}

export function addJob(cluster: Cluster, options: JobOptions): KubernetesObject {
  const { namespace, name } = splitKey(options.name);
  const { suspended: suspend = false, finished = false } = options;
  return addObject(cluster, {
    resource: 'jobs',
    apiVersion: 'batch/v1',
    kind: 'Job',
    name,
    namespace,
    days: options.days,
    body: {
      spec: { suspend, completions: 1, ...jobSpec(namespace, name, options.claims) },
      status: finished
        ? {
            succeeded: 1,
            completionTime: ago(cluster.stage, options.days - 0.01),
            conditions: [{ type: 'Complete', status: 'True' }],
          }
        : {},
    },
    writers: [KUBECTL],
    shape: String(finished),
  });
}

export function addCronJob(cluster: Cluster, options: JobOptions): KubernetesObject {
  const { namespace, name } = splitKey(options.name);
  return addObject(cluster, {
    resource: 'cronjobs',
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name,
    namespace,
    days: options.days,
    body: {
      spec: {
        schedule: '0 3 1 * *',
        suspend: options.suspended ?? false,
        jobTemplate: { spec: jobSpec(namespace, name, options.claims) },
      },
      status: { lastScheduleTime: ago(cluster.stage, Math.min(21.4, options.days)) },
    },
    writers: [KUBECTL],
  });
}

/** A virtual machine of KubeVirt that is switched off, with its disks. */
export function addVirtualMachine(
  cluster: Cluster,
  options: Pick<JobOptions, 'name' | 'days'> & { readonly volumes: readonly PodVolume[] },
): KubernetesObject {
  const { namespace, name } = splitKey(options.name);
  return addObject(cluster, {
    resource: 'virtualmachines',
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    name,
    namespace,
    days: options.days,
    body: {
      spec: {
        runStrategy: 'Halted',
        template: {
          spec: {
            domain: {
              devices: { disks: options.volumes.map((volume) => ({ name: volume.name })) },
            },
            volumes: options.volumes,
          },
        },
      },
      status: { printableStatus: 'Stopped', ready: false },
    },
    writers: [KUBECTL],
    shape: `${options.volumes.length}`,
  });
}

/** What CDI fills a claim of the same name by. */
export function addDataVolume(
  cluster: Cluster,
  options: Pick<JobOptions, 'name' | 'days'>,
): KubernetesObject {
  const { namespace, name } = splitKey(options.name);
  return addObject(cluster, {
    resource: 'datavolumes',
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    name,
    namespace,
    days: options.days,
    body: {
      spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '20Gi' } } } },
      status: { phase: 'Succeeded', claimName: name },
    },
    writers: [KUBECTL],
  });
}
