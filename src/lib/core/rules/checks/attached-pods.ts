import { volumesByName } from '../../correlate/listed-by.ts';
import {
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type VolumeAttachment,
} from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';

/** One cluster, by what an attachment names. */
export interface Cluster {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly volumeOf: (attachment: VolumeAttachment) => PersistentVolume | undefined;
  /** Pods that are not over, by the node they are on. */
  readonly pods: () => ReadonlyMap<string | null, readonly Pod[]>;
  /** `namespace/name` of the claim that is bound to a volume. */
  readonly claims: () => ReadonlyMap<string | null, string>;
}

const OVER: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

export function indexCluster(
  nodes: readonly Node[],
  volumes: readonly PersistentVolume[],
  claims: readonly PersistentVolumeClaim[],
  pods: readonly Pod[],
): Cluster {
  const byName = volumesByName(volumes);
  return {
    nodes: new Map(nodes.map((each) => [each.name, each])),
    volumeOf: ({ cluster, volumeName }) => byName.get(cluster, volumeName ?? ''),
    pods: lazy(() =>
      Map.groupBy(
        pods.filter(({ phase }) => !OVER.has(phase)),
        ({ node }) => node,
      ),
    ),
    claims: lazy(
      () => new Map(claims.map((each) => [each.volumeName, `${each.namespace}/${each.name}`])),
    ),
  };
}

/** Pods on its node that mount its volume, or may: an inline volume is known by nothing but its pod. */
export function podsOf(attachment: VolumeAttachment, cluster: Cluster): readonly string[] {
  const { node, volumeName } = attachment;
  const onNode = cluster.pods().get(node) ?? [];
  if (volumeName === null) {
    return onNode.filter(({ inlineVolumes }) => inlineVolumes.length > 0).map(nameOf);
  }
  const named = cluster.volumeOf(attachment)?.claim ?? null;
  const claims = new Set([
    ...(named === null ? [] : [`${named.namespace}/${named.name}`]),
    cluster.claims().get(volumeName),
  ]);
  return onNode
    .filter((pod) => pod.claims.some((claim) => claims.has(`${pod.namespace}/${claim}`)))
    .map(nameOf);
}

function nameOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
