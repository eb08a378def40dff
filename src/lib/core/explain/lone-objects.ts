import { type ResourceRef } from '../model/resource-ref.ts';
import {
  refToInitiator,
  refToReplicationTask,
  refToSnapshotClass,
  refToStorageClass,
} from '../model/subjects.ts';
import { type ChainNode } from './explanation.ts';
import { targetNode, namespaceNode, extentNode } from './export-nodes.ts';
import { factsOf, hole, present, unknownNode } from './nodes.ts';
import { type Scene } from './scene.ts';
import { claimantNode, contentNode, volumeSnapshotNode } from './snapshot-nodes.ts';
import { unboundRoot } from './volume-nodes.ts';

/*
 * Objects that lead to no place on the NAS: shown by themselves, with the hole where the rest should be.
 */

function onCluster(
  { type, cluster, name, namespace }: Extract<ResourceRef, { location: 'kubernetes' }>,
  scene: Scene,
): ChainNode | undefined {
  const isIt = (each: { readonly name: string; readonly namespace: string | null }): boolean =>
    each.name === name && each.namespace === namespace;
  switch (type) {
    case 'PersistentVolumeClaim': {
      const claim = scene.ofCluster('persistentVolumeClaims', cluster).find(isIt);
      return claim && unboundRoot(claim, scene);
    }
    case 'VolumeSnapshotContent': {
      const content = scene.ofCluster('volumeSnapshotContents', cluster).find(isIt);
      return content && lostContent(content, scene);
    }
    case 'VolumeSnapshot': {
      const snapshot = scene.ofCluster('volumeSnapshots', cluster).find(isIt);
      return snapshot && lostSnapshot(snapshot, scene);
    }
    case 'StorageClass': {
      const found = scene.ofCluster('storageClasses', cluster).find(isIt);
      const facts = factsOf({
        provisioner: found?.provisioner,
        'reclaim policy': found?.reclaimPolicy,
        binding: found?.bindingMode,
      });
      return (
        found && present('object', refToStorageClass(found), { createdAt: found.createdAt, facts })
      );
    }
    case 'VolumeSnapshotClass': {
      const found = scene.ofCluster('volumeSnapshotClasses', cluster).find(isIt);
      const facts = factsOf({ driver: found?.driver, 'deletion policy': found?.deletionPolicy });
      return (
        found && present('object', refToSnapshotClass(found), { createdAt: found.createdAt, facts })
      );
    }
    default:
      return undefined;
  }
}

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

function onSystem(
  { type, system, discriminator }: Extract<ResourceRef, { location: 'truenas' }>,
  scene: Scene,
): ChainNode | undefined {
  const isIt = ({ id }: { readonly id: number }): boolean => String(id) === discriminator;
  switch (type) {
    case 'IscsiTarget': {
      const target = scene.ofSystem('iscsiTargets', system).find(isIt);
      const coverage = scene.coverageOf(['iscsiTargetExtents', 'iscsiExtents'], system);
      const below = hole('extent', 'IscsiExtent', 'no extent is mapped to it', coverage);
      const node = target && targetNode(target, null, scene);
      return node && { ...node, children: [below, ...node.children] };
    }
    case 'IscsiExtent': {
      const extent = scene.ofSystem('iscsiExtents', system).find(isIt);
      return extent && extentNode(extent, null, scene);
    }
    case 'NvmetNamespace': {
      const namespace = scene.ofSystem('nvmetNamespaces', system).find(isIt);
      return namespace && namespaceNode(namespace, null, scene);
    }
    case 'IscsiInitiator': {
      const group = scene.ofSystem('iscsiInitiators', system).find(isIt);
      return (
        group && present('object', refToInitiator(group), { facts: factsOf({ id: group.id }) })
      );
    }
    case 'ReplicationTask': {
      const task = scene.ofSystem('replicationTasks', system).find(isIt);
      const facts = factsOf({
        id: task?.id,
        direction: task?.direction,
        sources: task?.sources.join(', '),
        target: task?.target,
        recursive: task?.recursive,
        enabled: task?.enabled,
      });
      return task && present('task', refToReplicationTask(task), { facts });
    }
    default:
      return undefined;
  }
}

/** The node of an object that leads to no place. */
export function loneNode(ref: ResourceRef, scene: Scene): ChainNode {
  const node = ref.location === 'kubernetes' ? onCluster(ref, scene) : onSystem(ref, scene);
  return node ?? present('object', ref);
}
