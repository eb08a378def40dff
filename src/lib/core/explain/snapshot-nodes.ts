import { snapshotHandleOf } from '../correlate/volume-handle.ts';
import { leafName } from '../correlate/paths.ts';
import { isTemporarySnapshot } from '../correlate/temporary-snapshot.ts';
import { type VolumeSnapshot, type VolumeSnapshotContent } from '../model/kubernetes.ts';
import { type DatasetPlace } from '../model/rule.ts';
import {
  refToContent,
  refToDataset,
  refToSnapshot,
  refToVolume,
  refToVolumeSnapshot,
} from '../model/subjects.ts';
import { type Dataset, type ZfsSnapshot } from '../model/truenas.ts';
import { type ChainNode, type Home, type Join } from './explanation.ts';
import { certainly, factsOf, hole, likely, present, presentPart, type NodeParts } from './nodes.ts';
import { managerOf } from '../report/managed-by.ts';
import { type Scene } from './scene.ts';

/** Who took a snapshot, as far as its name and properties say. */
export function kindOfSnapshot({ name, details }: ZfsSnapshot, claimed: boolean): string {
  if (isTemporarySnapshot(name)) return 'temporary';
  if (details?.properties.csiSnapshotName === name) return 'taken by its driver';
  if (claimed) return 'claimed';
  return details === null ? 'not looked at' : 'not taken by a driver';
}

export function volumeSnapshotNode(
  snapshot: VolumeSnapshot,
  join: Join | null,
  children: readonly ChainNode[] = [],
): ChainNode {
  return present('volume-snapshot', refToVolumeSnapshot(snapshot), {
    createdAt: snapshot.createdAt,
    join,
    message: snapshot.error?.message ?? null,
    facts: factsOf({
      ready: snapshot.readyToUse,
      'of claim': snapshot.sourceClaim,
      class: snapshot.snapshotClass,
      'managed by': managerOf(snapshot)?.name,
      deleting: snapshot.deletedAt,
    }),
    children,
  });
}

/** The VolumeSnapshot of a content: by uid, since its name may have been used again. */
export function volumeSnapshotOf(
  { cluster, snapshot }: VolumeSnapshotContent,
  scene: Scene,
): VolumeSnapshot | undefined {
  return scene
    .ofCluster('volumeSnapshots', cluster)
    .find(
      ({ uid, namespace, name }) =>
        snapshot !== null &&
        (snapshot.uid === null
          ? namespace === snapshot.namespace && name === snapshot.name
          : uid === snapshot.uid),
    );
}

/** The VolumeSnapshot a content belongs to, or the hole where it should be. */
export function claimantNode(content: VolumeSnapshotContent, scene: Scene): ChainNode {
  const snapshot = volumeSnapshotOf(content, scene);
  if (snapshot !== undefined) {
    return volumeSnapshotNode(snapshot, certainly('uid in the reference of the content'));
  }
  const home: Home = { side: 'cluster', name: content.cluster };
  const coverage = scene.coverageOf(['volumeSnapshots'], content.cluster);
  const named = content.snapshot;
  const message =
    named === null
      ? 'no VolumeSnapshot is bound to it'
      : `no VolumeSnapshot ${named.namespace}/${named.name} of the uid it names`;
  return hole('volume-snapshot', 'VolumeSnapshot', message, coverage, { home });
}

export function contentNode(
  content: VolumeSnapshotContent,
  join: Join | null,
  children: readonly ChainNode[],
): ChainNode {
  return present('content', refToContent(content), {
    createdAt: content.createdAt,
    size: content.restoreSize,
    join,
    message: content.error?.message ?? null,
    facts: factsOf({
      handle: content.snapshotHandle,
      'deletion policy': content.deletionPolicy,
      ready: content.readyToUse,
      'managed by': managerOf(content)?.name,
      deleting: content.deletedAt,
    }),
    children,
  });
}

/** What joins a content with a snapshot: its handle names the volume too, the uid alone does not. */
function joinOfContent(content: VolumeSnapshotContent, { dataset, name }: ZfsSnapshot): Join {
  const handle = snapshotHandleOf(content);
  const same = handle?.snapshot === name;
  const volume = handle?.volume === dataset || handle?.volume === leafName(dataset);
  if (same && volume) return certainly('snapshot handle, volume and name');
  return likely(same ? 'snapshot name in the handle' : 'uid of the VolumeSnapshot in the name');
}

function claimNodes(snapshot: ZfsSnapshot, scene: Scene): ChainNode[] {
  return [
    ...scene
      .contentsOf(snapshot.name)
      .map((content) =>
        contentNode(content, joinOfContent(content, snapshot), [claimantNode(content, scene)]),
      ),
    ...scene
      .snapshotsWithoutContent(snapshot.name)
      .map((each) => volumeSnapshotNode(each, likely('its uid in the name of the snapshot'))),
  ];
}

/** Who a dataset belongs to, for one that stands beside the chain. */
export function belongings(dataset: Dataset, scene: Scene): ChainNode[] {
  const { volumeLinks } = scene.evidence.derived;
  const users = volumeLinks.usersOf(dataset).map(({ kind, cluster, name }) => {
    const pv = kind === 'persistent-volume' ? scene.findVolume(cluster, name) : undefined;
    if (pv === undefined) {
      return presentPart('pod', 'Pod', name, { side: 'cluster', name: cluster }, { beside: true });
    }
    const claim = pv.claim === null ? null : `${pv.claim.namespace}/${pv.claim.name}`;
    const facts = factsOf({ phase: pv.phase, claim });
    return present('volume', refToVolume(pv), { createdAt: pv.createdAt, facts, beside: true });
  });
  if (users.length > 0) return users;
  const coverage = scene.coverageOf(['persistentVolumes', 'pods']);
  const message = 'no PersistentVolume or pod of any registered cluster uses it';
  return [hole('volume', 'PersistentVolume', message, coverage, { beside: true })];
}

/** A dataset beside the chain, with whom it belongs to. */
export function besideNode(
  role: 'clone' | 'origin',
  dataset: Dataset,
  join: Join | null,
  scene: Scene,
): ChainNode {
  return present(role, refToDataset(dataset), {
    createdAt: dataset.createdAt,
    size: dataset.used,
    join,
    beside: true,
    children: belongings(dataset, scene),
  });
}

/** The hole of a snapshot that its driver took and nobody claims. */
function unclaimedNodes({ details, name }: ZfsSnapshot, scene: Scene): ChainNode[] {
  if (details?.properties.csiSnapshotName !== name) return [];
  const coverage = scene.coverageOf(['volumeSnapshotContents', 'volumeSnapshots']);
  return [hole('content', 'VolumeSnapshotContent', 'nothing in Kubernetes counts on it', coverage)];
}

/** What only a look at the one snapshot tells. */
function detailsOf({ details }: ZfsSnapshot): NodeParts {
  if (details === null) return {};
  const { createdAt, used, holds, deferDestroy } = details;
  return {
    createdAt,
    size: used,
    message: holds === null ? 'this TrueNAS does not tell holds' : null,
    facts: factsOf({
      holds: holds?.join(', '),
      'goes with its last clone or hold': deferDestroy === true ? true : null,
    }),
  };
}

/** A snapshot with who claims it and what was cloned from it. */
export function snapshotNode(snapshot: ZfsSnapshot, scene: Scene): ChainNode {
  const { system, id } = snapshot;
  const claims = claimNodes(snapshot, scene);
  const clones = scene.evidence.derived.volumeLinks
    .clonesOfSnapshot(system, id)
    .map((clone) => besideNode('clone', clone, certainly('origin of the clone'), scene));
  const parts = detailsOf(snapshot);
  return present('snapshot', refToSnapshot(snapshot), {
    ...parts,
    facts: [
      ...factsOf({ kind: kindOfSnapshot(snapshot, claims.length > 0) }),
      ...(parts.facts ?? []),
    ],
    children: [...(claims.length > 0 ? claims : unclaimedNodes(snapshot, scene)), ...clones],
  });
}

/** Contents whose snapshot of this place is gone, each below the hole where the snapshot was. */
export function missingSnapshots({ system, path }: DatasetPlace, scene: Scene): ChainNode[] {
  const { snapshotLinks } = scene.evidence.derived;
  return scene.ofCluster('volumeSnapshotContents').flatMap((content) => {
    const backend = snapshotLinks.backendOf(content);
    if (backend.state !== 'absent' || backend.kind !== 'snapshot') return [];
    if (backend.system !== system || backend.id.split('@', 1)[0] !== path) return [];
    const coverage = scene.coverageOf(['zfsSnapshots', 'datasets'], system);
    const home: Home = { side: 'system', name: system };
    return hole('snapshot', 'ZfsSnapshot', `no snapshot ${backend.id}`, coverage, {
      home,
      name: backend.id,
      children: [
        contentNode(content, certainly('snapshot handle'), [claimantNode(content, scene)]),
      ],
    });
  });
}

/** Every snapshot of a dataset, oldest first as far as their ages are known. */
export function snapshotNodes(dataset: Dataset, scene: Scene): ChainNode[] {
  const age = ({ createdAt }: ChainNode): number => createdAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return scene.evidence.derived.snapshotLinks
    .snapshotsOf(dataset)
    .map((snapshot) => snapshotNode(snapshot, scene))
    .sort((a, b) => age(a) - age(b));
}
