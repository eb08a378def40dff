import { type Backend } from '../correlate/backend.ts';
import {
  type PersistentVolume,
  type Pod,
  type VolumeSnapshotContent,
} from '../model/kubernetes.ts';
import { type DatasetPlace } from '../model/rule.ts';
import { type Dataset } from '../model/truenas.ts';
import { type Anchor } from './anchors.ts';
import { podNode } from './claim-nodes.ts';
import { datasetNode, remainsAt, seenDataset } from './dataset-nodes.ts';
import { type ChainNode, type Home, type Join } from './explanation.ts';
import { byInlineVolume, byUse, joinOfVolume } from './joins.ts';
import { loneNode } from './lone-objects.ts';
import { certainly, hole } from './nodes.ts';
import { type Scene } from './scene.ts';
import {
  contentNode,
  volumeSnapshotNode,
  volumeSnapshotOf,
  claimantNode,
} from './snapshot-nodes.ts';
import {
  handleNode,
  missingDataset,
  noVolume,
  unknownDataset,
  volumeRoot,
} from './volume-nodes.ts';

/** Whoever leads to a dataset from the Kubernetes side. */
interface Users {
  readonly volumes: readonly PersistentVolume[];
  /** Pods that write the volume into their spec. */
  readonly pods: readonly Pod[];
  /** Contents of which the dataset is the detached copy. */
  readonly copies: readonly VolumeSnapshotContent[];
}

function usersOf(dataset: Dataset, scene: Scene): Users {
  const { volumeLinks, snapshotLinks } = scene.evidence.derived;
  const users = volumeLinks.usersOf(dataset);
  return {
    volumes: users.flatMap(({ kind, cluster, name }) =>
      kind === 'persistent-volume' ? (scene.findVolume(cluster, name) ?? []) : [],
    ),
    pods: users.flatMap(({ kind, cluster, name }) =>
      scene
        .ofCluster('pods', cluster)
        .filter((pod) => kind === 'inline-volume' && `${pod.namespace}/${pod.name}` === name),
    ),
    copies:
      dataset.properties.csiSnapshotName === null
        ? []
        : scene.ofCluster('volumeSnapshotContents').filter((content) => {
            const backend = snapshotLinks.backendOf(content);
            return backend.state === 'found' && backend.id === dataset.id;
          }),
  };
}

/** What joins a user with the dataset: not every user is one whose driver would look here. */
function joinTo(pv: PersistentVolume, dataset: Dataset, scene: Scene): Join {
  const backend = scene.evidence.derived.volumeLinks.backendOf(pv);
  const here =
    (backend.state === 'found' || backend.state === 'elsewhere') && backend.dataset === dataset;
  return here ? joinOfVolume(pv, backend, scene) : byUse(pv, dataset);
}

function podRoot(pod: Pod, dataset: Dataset, below: (join: Join) => ChainNode): ChainNode {
  const home: Home = { side: 'cluster', name: pod.cluster };
  const volumes = byInlineVolume(pod.inlineVolumes, dataset);
  return podNode(
    pod,
    volumes.map(({ source, join }) => handleNode(source, home, [below(join)])),
  );
}

/** From the VolumeSnapshot down to the detached copy that holds its data. */
function copyRoot(content: VolumeSnapshotContent, below: ChainNode, scene: Scene): ChainNode {
  const snapshot = volumeSnapshotOf(content, scene);
  if (snapshot === undefined) {
    return { ...claimantNode(content, scene), children: [contentNode(content, null, [below])] };
  }
  const join = certainly('uid of the VolumeSnapshot');
  return volumeSnapshotNode(snapshot, null, [contentNode(content, join, [below])]);
}

function datasetRoots(dataset: Dataset, scene: Scene): ChainNode[] {
  const { volumes, pods, copies } = usersOf(dataset, scene);
  const hasUser = volumes.length + pods.length > 0;
  let shown = false;
  // Several users may lead to one dataset; everything on it is shown once.
  const below = (join: Join | null): ChainNode => {
    if (shown) return seenDataset(dataset, join);
    shown = true;
    return datasetNode(dataset, join, hasUser, scene);
  };
  const roots = [
    ...volumes.map((pv) => volumeRoot(pv, [below(joinTo(pv, dataset, scene))], scene)),
    ...pods.map((pod) => podRoot(pod, dataset, below)),
    ...copies.map((content) =>
      copyRoot(content, below(certainly('snapshot handle, of a detached copy')), scene),
    ),
  ];
  if (roots.length > 0) return roots;
  return wantsUser(dataset, scene) ? [noVolume(scene, [below(null)])] : [below(null)];
}

/** Whether something is amiss if nobody uses it: a parent of volumes is none itself, and most datasets have no driver. */
function wantsUser({ system, id, properties }: Dataset, scene: Scene): boolean {
  const { parents } = scene.evidence.derived;
  if (parents.find(system, id) !== undefined) return false;
  return properties.owner !== null || parents.parentOf(system, id) !== undefined;
}

type Absent = Extract<Backend, { state: 'absent' }>;

/** Everyone who leads to a place where no dataset is, and what is left there. */
function holeRoots(place: DatasetPlace, scene: Scene): ChainNode[] {
  const { volumeLinks, snapshotLinks } = scene.evidence.derived;
  const { system, path } = place;
  const remains = remainsAt(place, scene);
  const volumes = scene.ofCluster('persistentVolumes').flatMap((pv) => {
    const backend = volumeLinks.backendOf(pv);
    const here = backend.state === 'absent' && backend.system === system && backend.path === path;
    return here ? [{ pv, backend: backend satisfies Absent }] : [];
  });
  const copies = scene.ofCluster('volumeSnapshotContents').filter((content) => {
    const backend = snapshotLinks.backendOf(content);
    return (
      backend.state === 'absent' &&
      backend.kind === 'dataset' &&
      backend.system === system &&
      backend.id === path
    );
  });
  const missing = hole('dataset', 'Dataset', `no dataset ${path}`, obstacleOr(place, scene), {
    home: { side: 'system', name: system },
    name: path,
    children: remains,
  });
  const roots = [
    ...volumes.map(({ pv, backend }, at) =>
      volumeRoot(pv, [missingDataset(backend, scene, at === 0 ? remains : [])], scene),
    ),
    ...copies.map((content) => copyRoot(content, missing, scene)),
  ];
  return roots.length > 0 ? roots : [noVolume(scene, [missing])];
}

function obstacleOr({ system, path }: DatasetPlace, scene: Scene): Parameters<typeof hole>[3] {
  const reason = scene.evidence.derived.storage.obstacleAt(system, path);
  return reason === undefined
    ? scene.coverageOf(['datasets', 'pools'], system)
    : { state: 'partial', reason };
}

/** The tree of everything that hangs on an anchor, from whoever uses it down to what leans on it. */
export function rootsAt(anchor: Anchor, scene: Scene): readonly ChainNode[] {
  switch (anchor.kind) {
    case 'place': {
      const dataset = scene.findDataset(anchor.place.system, anchor.place.path);
      return dataset === undefined ? holeRoots(anchor.place, scene) : datasetRoots(dataset, scene);
    }
    case 'volume':
      return [volumeRoot(anchor.volume, [unknownDataset(anchor.reason)], scene)];
    case 'object':
      return [loneNode(anchor.ref, scene)];
  }
}
