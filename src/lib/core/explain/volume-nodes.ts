import { type Backend } from '../correlate/backend.ts';
import {
  type PersistentVolume,
  type PersistentVolumeClaim,
  type VolumeAttachment,
  type VolumeSource,
} from '../model/kubernetes.ts';
import { refToAttachment, refToVolume } from '../model/subjects.ts';
import { claimNode, joinOfClaim } from './claim-nodes.ts';
import { type ChainNode, type Fact, type Home, type Join } from './explanation.ts';
import { factsOf, hole, present, presentObject, presentPart, unknownNode } from './nodes.ts';
import { managerOf } from '../report/managed-by.ts';
import { type Scene } from './scene.ts';

function attributeFacts(source: Extract<VolumeSource, { kind: 'csi' }>): Fact[] {
  const { attributes } = source;
  return factsOf({
    driver: source.driver,
    'driver kind': attributes['provisioner_driver'],
    protocol: attributes['node_attach_driver'] ?? attributes['protocol'],
    server: attributes['server'] ?? attributes['nfsServer'],
    share: attributes['share'] ?? attributes['nfsPath'] ?? attributes['source'],
    iqn: attributes['iqn'] ?? attributes['targetIQN'] ?? attributes['iscsiIQN'],
    nqn: attributes['nqn'],
  });
}

/** What a volume says of where its data lies. */
export function handleNode(
  source: VolumeSource,
  home: Home,
  children: readonly ChainNode[],
): ChainNode {
  switch (source.kind) {
    case 'csi':
      return presentPart('handle', 'CSI volume handle', source.handle, home, {
        facts: attributeFacts(source),
        children,
      });
    case 'nfs':
      return presentPart('handle', 'NFS volume', `${source.server}:${source.path}`, home, {
        children,
      });
    case 'iscsi':
      return presentPart('handle', 'iSCSI volume', source.iqn, home, {
        facts: factsOf({ portal: source.portal, lun: source.lun }),
        children,
      });
    case 'smb':
      return presentPart('handle', 'SMB volume', source.source, home, { children });
    case 'path':
      return presentPart('handle', `${source.type} volume`, source.path, home, { children });
    case 'unread':
    case 'other':
      return presentPart('handle', 'volume', source.type, home, { children });
  }
}

export function attachmentNode(attachment: VolumeAttachment): ChainNode {
  const { node, attached, attachError, detachError } = attachment;
  return present('attachment', refToAttachment(attachment), {
    createdAt: attachment.createdAt,
    facts: factsOf({
      node,
      attached,
      'attach error': attachError?.message,
      'detach error': detachError?.message,
      deleting: attachment.deletedAt,
    }),
  });
}

function attachmentNodes(pv: PersistentVolume, scene: Scene): ChainNode[] {
  return scene
    .ofCluster('volumeAttachments', pv.cluster)
    .filter(({ volumeName }) => volumeName === pv.name)
    .map(attachmentNode);
}

/** The last warning of each kind: they repeat for hours. */
function eventNodes(pv: PersistentVolume, scene: Scene): ChainNode[] {
  const about = scene
    .ofCluster('events', pv.cluster)
    .filter(
      ({ volumeName, volumeUid }) =>
        volumeName === pv.name && (volumeUid === null || volumeUid === pv.uid),
    )
    .toSorted((a, b) => (b.lastSeen?.getTime() ?? 0) - (a.lastSeen?.getTime() ?? 0));
  const last = new Map(about.toReversed().map((event) => [event.reason, event]));
  return [...last.values()].map((event) =>
    presentObject('event', 'Event', event, {
      createdAt: event.lastSeen,
      facts: factsOf({ reason: event.reason }),
      message: event.message,
    }),
  );
}

/** A volume with what stands behind it. */
export function volumeNode(
  pv: PersistentVolume,
  join: Join | null,
  below: readonly ChainNode[],
  scene: Scene,
): ChainNode {
  const home: Home = { side: 'cluster', name: pv.cluster };
  return present('volume', refToVolume(pv), {
    createdAt: pv.createdAt,
    size: pv.capacity,
    join,
    message: pv.statusMessage,
    facts: factsOf({
      phase: pv.phase,
      since: pv.phaseSince,
      'reclaim policy': pv.reclaimPolicy,
      class: pv.storageClass,
      'managed by': managerOf(pv)?.name,
      deleting: pv.deletedAt,
    }),
    children: [
      ...attachmentNodes(pv, scene),
      ...eventNodes(pv, scene),
      handleNode(pv.source, home, below),
    ],
  });
}

/** The claim a volume is bound to, or was, or the hole where it should be. */
function claimAbove(pv: PersistentVolume, scene: Scene): PersistentVolumeClaim | ChainNode {
  const home: Home = { side: 'cluster', name: pv.cluster };
  if (pv.claim === null) {
    return hole(
      'claim',
      'PersistentVolumeClaim',
      'no claim is bound to it',
      { state: 'complete' },
      { home },
    );
  }
  const { namespace, name, uid } = pv.claim;
  const claim = scene.findClaim(pv.cluster, namespace, name);
  if (claim !== undefined && (uid === null || uid === claim.uid)) return claim;
  const coverage = scene.coverageOf(['persistentVolumeClaims'], pv.cluster);
  const message =
    claim === undefined
      ? `no claim ${namespace}/${name}`
      : `the claim it was bound to is gone; ${namespace}/${name} is another one`;
  return hole('claim', 'PersistentVolumeClaim', message, coverage, { home, namespace, name });
}

/** From the claim down to a volume and whatever stands behind it. */
export function volumeRoot(
  pv: PersistentVolume,
  below: readonly ChainNode[],
  scene: Scene,
): ChainNode {
  const above = claimAbove(pv, scene);
  if ('role' in above) return { ...above, children: [volumeNode(pv, null, below, scene)] };
  const volume = volumeNode(pv, joinOfClaim(above, pv.claim?.uid ?? null), below, scene);
  return claimNode(above, [volume], scene);
}

/** A claim without the volume it names, or that names none. */
export function unboundRoot(claim: PersistentVolumeClaim, scene: Scene): ChainNode {
  const { cluster, volumeName } = claim;
  const home: Home = { side: 'cluster', name: cluster };
  const coverage = scene.coverageOf(['persistentVolumes'], cluster);
  const below =
    volumeName === null
      ? hole(
          'volume',
          'PersistentVolume',
          'not bound to a volume yet',
          { state: 'complete' },
          { home },
        )
      : hole('volume', 'PersistentVolume', `no volume ${volumeName}`, coverage, {
          home,
          name: volumeName,
        });
  return claimNode(claim, [below], scene);
}

/** The hole where a dataset's volume would be. */
export function noVolume(scene: Scene, below: readonly ChainNode[]): ChainNode {
  const coverage = scene.coverageOf(['persistentVolumes', 'pods']);
  const message = 'no PersistentVolume or pod of any registered cluster uses it';
  return hole('volume', 'PersistentVolume', message, coverage, { children: below });
}

/** The dataset of a volume of which nothing tells where it would be. */
export function unknownDataset(reason: string): ChainNode {
  return unknownNode('dataset', 'Dataset', `cannot be told: ${reason}`);
}

/** The dataset that should stand behind a volume, where none was found. */
export function missingDataset(
  backend: Extract<Backend, { state: 'absent' }>,
  scene: Scene,
  children: readonly ChainNode[],
): ChainNode {
  const { system, path } = backend;
  const obstacle = scene.evidence.derived.storage.obstacleAt(system, path);
  const coverage = scene.coverageOf(['datasets', 'pools'], system);
  const home: Home = { side: 'system', name: system };
  return hole(
    'dataset',
    'Dataset',
    `no dataset ${path}, where its driver would look`,
    obstacle === undefined ? coverage : { state: 'partial', reason: obstacle },
    { home, name: path, children },
  );
}
