import {
  type ClusterLists,
  type ClusterSource,
  type SystemLists,
  type SystemSource,
} from '../model/inventory.ts';
import { type VolumeAttachment } from '../model/kubernetes.ts';
import { type ResourceRef, type ResourceType } from '../model/resource-ref.ts';
import {
  refToInitiator,
  refToReplicationTask,
  refToSnapshotClass,
  refToStorageClass,
} from '../model/subjects.ts';
import { type IscsiInitiator, type NvmetSubsystem } from '../model/truenas.ts';
import { counted } from '../render/text/format.ts';
import { type ChainNode } from './explanation.ts';
import {
  extentNode,
  namespaceNode,
  nfsNode,
  smbNode,
  subsystemNode,
  targetNode,
} from './export-nodes.ts';
import { factsOf, hole, present, unknownNode } from './nodes.ts';
import { type Scene } from './scene.ts';
import { claimantNode, contentNode, volumeSnapshotNode } from './snapshot-nodes.ts';
import { attachmentNode, unboundRoot } from './volume-nodes.ts';

/*
 * Objects that lead to no place on the NAS: shown by themselves, with the hole where the rest should be.
 */

type Content = Parameters<typeof contentNode>[0];

function lostContent(content: Content, scene: Scene): ChainNode {
  const backend = scene.evidence.derived.snapshotLinks.backendOf(content);
  const why = backend.state === 'unknown' ? `: ${backend.reason}` : '';
  const below = unknownNode('snapshot', 'ZfsSnapshot', `cannot be told${why}`, {
    name: content.snapshotHandle,
  });
  return contentNode(content, null, [claimantNode(content, scene), below]);
}

function lostSnapshot(snapshot: Parameters<typeof volumeSnapshotNode>[0], scene: Scene): ChainNode {
  const { cluster, contentName } = snapshot;
  const coverage = scene.coverageOf(['volumeSnapshotContents'], cluster);
  const contents = scene.ofCluster('volumeSnapshotContents', cluster);
  const content = contents.find((each) => each.snapshot?.uid === snapshot.uid);
  if (content !== undefined)
    return volumeSnapshotNode(snapshot, null, [lostContent(content, scene)]);
  const message = contentName === null ? 'no content yet' : `no content ${contentName} of its uid`;
  const below = hole('content', 'VolumeSnapshotContent', message, coverage);
  return volumeSnapshotNode(snapshot, null, [below]);
}

function lostAttachment(attachment: VolumeAttachment, scene: Scene): ChainNode {
  const { cluster, volumeName } = attachment;
  const node = attachmentNode(attachment);
  if (volumeName === null) return node;
  const coverage = scene.coverageOf(['persistentVolumes'], cluster);
  const home = { side: 'cluster', name: cluster } as const;
  const parts = { home, name: volumeName };
  const above = hole('volume', 'PersistentVolume', `no volume ${volumeName}`, coverage, parts);
  return { ...above, children: [node] };
}

function lostSubsystem(subsystem: NvmetSubsystem, scene: Scene): ChainNode {
  const coverage = scene.coverageOf(['nvmetNamespaces'], subsystem.system);
  const below = hole('namespace', 'NvmetNamespace', 'no namespace is in it', coverage);
  const node = subsystemNode(subsystem, null, scene);
  return { ...node, children: [below, ...node.children] };
}

/** Targets tell how many groups may reach them, and not which. */
function admittedBy({ system }: IscsiInitiator, scene: Scene): ChainNode[] {
  const home = { side: 'system', name: system } as const;
  const coverage = scene.coverageOf(['iscsiTargets'], system);
  const targets = scene.ofSystem('iscsiTargets', system).filter(({ groups }) => groups.length > 0);
  if (targets.length > 0) {
    const which =
      targets.length === 1 ? 'the one target' : `any of ${counted(targets.length, 'target')}`;
    const message = `whether ${which} has it among its groups was not read`;
    return [unknownNode('target', 'IscsiTarget', message, { home })];
  }
  const none = hole('target', 'IscsiTarget', 'no target has a group', coverage, { home });
  return none.state === 'unknown' ? [none] : [];
}

type OnCluster = Extract<ResourceRef, { location: 'kubernetes' }>;
type OnSystem = Extract<ResourceRef, { location: 'truenas' }>;
type Maker = (ref: ResourceRef, scene: Scene) => ChainNode | undefined;

function onCluster<S extends ClusterSource>(
  source: S,
  make: (found: ClusterLists[S], scene: Scene) => ChainNode,
): Maker {
  return (ref, scene) => {
    if (ref.location !== 'kubernetes') return undefined;
    const { cluster, name, namespace } = ref satisfies OnCluster;
    const found = scene
      .ofCluster(source, cluster)
      .find((each) => 'namespace' in each && each.namespace === namespace && each.name === name);
    return found && make(found, scene);
  };
}

function onSystem<S extends SystemSource>(
  source: S,
  make: (found: SystemLists[S], scene: Scene) => ChainNode,
): Maker {
  return (ref, scene) => {
    if (ref.location !== 'truenas') return undefined;
    const { system, discriminator } = ref satisfies OnSystem;
    const found = scene
      .ofSystem(source, system)
      .find((each) => 'id' in each && String(each.id) === discriminator);
    return found && make(found, scene);
  };
}

const MAKERS: Readonly<Partial<Record<ResourceType, Maker>>> = {
  PersistentVolumeClaim: onCluster('persistentVolumeClaims', unboundRoot),
  VolumeSnapshotContent: onCluster('volumeSnapshotContents', lostContent),
  VolumeSnapshot: onCluster('volumeSnapshots', lostSnapshot),
  VolumeAttachment: onCluster('volumeAttachments', lostAttachment),
  StorageClass: onCluster('storageClasses', (found) =>
    present('object', refToStorageClass(found), {
      createdAt: found.createdAt,
      facts: factsOf({
        provisioner: found.provisioner,
        'reclaim policy': found.reclaimPolicy,
        binding: found.bindingMode,
      }),
    }),
  ),
  VolumeSnapshotClass: onCluster('volumeSnapshotClasses', (found) =>
    present('object', refToSnapshotClass(found), {
      createdAt: found.createdAt,
      facts: factsOf({ driver: found.driver, 'deletion policy': found.deletionPolicy }),
    }),
  ),
  NfsShare: onSystem('nfsShares', (share) => nfsNode(share, null)),
  SmbShare: onSystem('smbShares', (share) => smbNode(share, null)),
  IscsiTarget: onSystem('iscsiTargets', (target, scene) => {
    const coverage = scene.coverageOf(['iscsiTargetExtents', 'iscsiExtents'], target.system);
    const below = hole('extent', 'IscsiExtent', 'no extent is mapped to it', coverage);
    const node = targetNode(target, null, scene);
    return { ...node, children: [below, ...node.children] };
  }),
  IscsiExtent: onSystem('iscsiExtents', (extent, scene) => extentNode(extent, null, scene)),
  IscsiInitiator: onSystem('iscsiInitiators', (group, scene) =>
    present('object', refToInitiator(group), {
      facts: factsOf({ id: group.id }),
      children: admittedBy(group, scene),
    }),
  ),
  NvmetNamespace: onSystem('nvmetNamespaces', (namespace, scene) =>
    namespaceNode(namespace, null, scene),
  ),
  NvmetSubsystem: onSystem('nvmetSubsystems', lostSubsystem),
  ReplicationTask: onSystem('replicationTasks', (task) =>
    present('task', refToReplicationTask(task), {
      facts: factsOf({
        id: task.id,
        direction: task.direction,
        sources: task.sources.join(', '),
        target: task.target,
        recursive: task.recursive,
        enabled: task.enabled,
      }),
    }),
  ),
};

/** The node of an object that leads to no place. */
export function loneNode(ref: ResourceRef, scene: Scene): ChainNode {
  return MAKERS[ref.type]?.(ref, scene) ?? present('object', ref);
}
