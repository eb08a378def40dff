import { type KubernetesObject, type LabCluster } from '../world.ts';

/*
 * Faults of a cluster, written into a world that is sound.
 */

interface Labelled {
  metadata: KubernetesObject['metadata'];
}

function objectsOf(cluster: LabCluster, resource: string): KubernetesObject[] {
  return cluster.objects[resource] ?? [];
}

function named(cluster: LabCluster, resource: string, name: string): KubernetesObject {
  const found = objectsOf(cluster, resource).find((object) => object.metadata.name === name);
  if (found === undefined) throw new Error(`the world has no ${resource} ${name}`);
  return found;
}

function annotate({ metadata }: Labelled, key: string): void {
  metadata.annotations = { ...metadata.annotations, [key]: 'true' };
}

function remove(
  cluster: LabCluster,
  resource: string,
  which: (object: KubernetesObject) => boolean,
): void {
  cluster.objects[resource] = objectsOf(cluster, resource).filter((object) => !which(object));
}

/** Two defaults, parameters nobody reads, a file system that does not fit, no growing, and a class of nobody's. */
function classes(cluster: LabCluster): void {
  for (const name of ['nas-nfs', 'nas-iscsi']) {
    annotate(named(cluster, 'storageclasses', name), 'storageclass.kubernetes.io/is-default-class');
  }
  Object.assign(named(cluster, 'storageclasses', 'nas-nfs'), {
    allowVolumeExpansion: false,
    parameters: { fsType: 'ext4', detachedVolumeFromSnapshots: 'true' },
  });
  Object.assign(named(cluster, 'storageclasses', 'nas-iscsi'), {
    parameters: {
      'csi.storage.k8s.io/fstype': 'nfs',
      'csi.storage.k8s.io/node-stage-secret-name': 'chap',
    },
  });
  for (const name of ['nas-nfs-snapshots', 'nas-nfs-detached']) {
    annotate(
      named(cluster, 'volumesnapshotclasses', name),
      'snapshot.storage.kubernetes.io/is-default-class',
    );
  }
  Object.assign(named(cluster, 'volumesnapshotclasses', 'nas-iscsi-snapshots'), {
    driver: 'org.democratic-csi.iscsi-old',
  });
  Object.assign(named(cluster, 'volumesnapshotclasses', 'nas-nfs-detached'), {
    deletionPolicy: 'Retain',
  });
}

/** Half of a driver each: one without controller, one without pods on nodes and without attacher. */
function drivers(cluster: LabCluster): void {
  remove(cluster, 'csidrivers', ({ metadata }) => metadata.name === 'org.democratic-csi.nfs');
  remove(cluster, 'pods', ({ metadata: { name } }) =>
    ['nas-nfs-democratic-csi-controller', 'nas-iscsi-democratic-csi-node'].some((part) =>
      name.startsWith(part),
    ),
  );
  for (const pod of objectsOf(cluster, 'pods')) {
    if (!pod.metadata.name.startsWith('nas-iscsi-democratic-csi-controller')) continue;
    const spec = pod['spec'] as { containers: { name: string }[] }; // as the lab itself writes it
    spec.containers = spec.containers.filter(({ name }) => name !== 'external-attacher');
  }
  Object.assign(named(cluster, 'csinodes', 'worker-3'), { spec: { drivers: [] } });
}

/** Two snapshot controllers that get in each other's way, and neither is well. */
function snapshotControllers(cluster: LabCluster): void {
  const pods = objectsOf(cluster, 'pods').filter(
    ({ metadata }) => metadata.namespace === 'snapshot-controller',
  );
  const twins = pods.map((pod): KubernetesObject => ({
    ...pod,
    metadata: { ...pod.metadata, namespace: 'velero', uid: `${pod.metadata.uid}-twin` },
  }));
  for (const pod of [...pods, ...twins]) {
    pod['status'] = { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] };
  }
  objectsOf(cluster, 'pods').push(...twins);
}

/** A volume nobody can delete, and one nobody can attach. */
function volumes(cluster: LabCluster, now: string): void {
  const [first] = objectsOf(cluster, 'volumeattachments');
  if (first !== undefined) {
    const since = new Date(Date.parse(now) - 3_600_000).toISOString();
    first.metadata.creationTimestamp = since;
    first['status'] = {
      attached: false,
      attachError: { message: 'no driver answers on this node', time: since },
    };
  }
  // Provisioners before 5.0 do not protect what they made.
  for (const { metadata } of objectsOf(cluster, 'persistentvolumes')) {
    metadata.finalizers = ['kubernetes.io/pv-protection'];
  }
  const [volume] = objectsOf(cluster, 'persistentvolumes');
  const spec = volume?.['spec'] as
    { csi?: { volumeAttributes?: Record<string, string> } } | undefined; // as the lab itself writes it
  if (spec?.csi?.volumeAttributes !== undefined) spec.csi.volumeAttributes['server'] = '10.10.0.99';
}

export function misconfigureCluster(cluster: LabCluster, now: string): void {
  classes(cluster);
  drivers(cluster);
  snapshotControllers(cluster);
  volumes(cluster, now);
  cluster.forbidden = ['cronjobs'];
}
