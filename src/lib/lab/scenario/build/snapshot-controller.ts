import { podStatus, type PodHealth } from './containers.ts';
import { addLease } from './leases.ts';
import { addObject } from './objects.ts';
import { ownerReference } from './pods.ts';
import { objectsOf, type Cluster } from './stage.ts';

/** The controller that goes with the snapshot API. */
export interface SnapshotControllerOptions {
  /** Namespaces that have one: exactly one has, where all is well. */
  readonly namespaces?: readonly string[];
  readonly version?: string;
  readonly health?: PodHealth;
  /** How long ago its leader was last heard of, in days. */
  readonly silentDays?: number;
}

const GROUP = 'snapshot.storage.k8s.io';
const NAME = 'snapshot-controller';
const DAYS = 200.5;
const HELM = [{ manager: 'helm', keys: ['metadata', 'spec'] }];

/** Adds the snapshot controller, wherever its API is installed. */
export function addSnapshotControllers(cluster: Cluster, options: SnapshotControllerOptions): void {
  const { missingGroups = [] } = cluster.cluster;
  if (missingGroups.includes(GROUP)) return;
  for (const namespace of options.namespaces ?? [NAME]) {
    addSnapshotController(cluster, namespace, options);
  }
}

function addSnapshotController(
  cluster: Cluster,
  namespace: string,
  { version = 'v8.3.0', health = {}, silentDays }: SnapshotControllerOptions,
): void {
  const labels = { 'app.kubernetes.io/name': NAME };
  const spec = {
    serviceAccountName: NAME,
    containers: [
      {
        name: NAME,
        image: `registry.example/sig-storage/${NAME}:${version}`,
        args: ['--v=5', '--leader-election=true'],
      },
    ],
  };
  const body = {
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
    },
    status: { replicas: 2, readyReplicas: 2 },
  };
  const all = { namespace, days: DAYS, labels, writers: HELM };
  const apps = { ...all, apiVersion: 'apps/v1', body };
  const deployment = addObject(cluster, {
    ...apps,
    resource: 'deployments',
    kind: 'Deployment',
    name: NAME,
  });
  const name = `${NAME}-5c9d7f8b6d`;
  const replicaSet = addObject(cluster, {
    ...apps,
    resource: 'replicasets',
    kind: 'ReplicaSet',
    name,
  });
  replicaSet.metadata['ownerReferences'] = [ownerReference(deployment)];
  const pods = ['4kq8z', 'v9t2m'].map((suffix) => `${name}-${suffix}`);
  const machines = objectsOf(cluster.cluster, 'nodes').map(({ metadata }) => metadata.name);
  for (const [index, pod] of pods.entries()) {
    const running = { days: DAYS, containers: spec.containers, main: NAME, health };
    const object = addObject(cluster, {
      ...all,
      resource: 'pods',
      apiVersion: 'v1',
      kind: 'Pod',
      name: pod,
      body: {
        spec: { ...spec, nodeName: machines[index] },
        status: podStatus(cluster.stage, running),
      },
      shape: NAME,
    });
    object.metadata['ownerReferences'] = [ownerReference(replicaSet)];
  }
  const [holder = name] = pods;
  addLease(cluster, { namespace, name: `${NAME}-leader`, holder, days: DAYS, silentDays });
}
