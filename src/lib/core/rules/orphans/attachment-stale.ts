import { type ParentIndex } from '../../correlate/parents.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import {
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type VolumeAttachment,
} from '../../model/kubernetes.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import {
  defineRule,
  type EvidenceFor,
  type Lookup,
  type RuleContext,
  type Verdict,
} from '../../model/rule.ts';
import { refToAttachment } from '../../model/subjects.ts';
import { type Dataset } from '../../model/truenas.ts';
import { absenceOf } from '../checks/absence.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { datasetBehind } from '../checks/backing.ts';
import { excerpt } from '../checks/excerpt.ts';
import { facts, volumeFacts } from '../checks/facts.ts';
import { noSession } from '../checks/leaning.ts';
import { placeOfBackend } from '../checks/place.ts';
import { suspectedForThreshold } from '../checks/suspected.ts';

type Staleness = 'node-gone' | 'volume-gone' | 'detach-fails' | 'in-order';

/** One cluster, by what an attachment names. */
interface Cluster {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly volumes: ReadonlyMap<string, PersistentVolume>;
  /** Pods that are not over, by the node they are on. */
  readonly pods: () => ReadonlyMap<string | null, readonly Pod[]>;
  /** `namespace/name` of the claim that is bound to a volume. */
  readonly claims: () => ReadonlyMap<string | null, string>;
}

const OVER: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

function indexCluster(
  nodes: readonly Node[],
  volumes: readonly PersistentVolume[],
  claims: readonly PersistentVolumeClaim[],
  pods: readonly Pod[],
): Cluster {
  return {
    nodes: new Map(nodes.map((each) => [each.name, each])),
    volumes: new Map(volumes.map((each) => [each.name, each])),
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

function stalenessOf(
  { node, volumeName, deletedAt, detachError }: VolumeAttachment,
  { nodes, volumes }: Cluster,
): Staleness {
  if (!nodes.has(node)) return 'node-gone';
  if (volumeName !== null && !volumes.has(volumeName)) return 'volume-gone';
  return deletedAt !== null && detachError !== null ? 'detach-fails' : 'in-order';
}

function describe(attachment: VolumeAttachment, staleness: Staleness): string {
  const { node, volumeName, detachError } = attachment;
  switch (staleness) {
    case 'node-gone':
      return `its node ${node} does not exist`;
    case 'volume-gone':
      return `its PersistentVolume ${volumeName ?? ''} does not exist`;
    case 'detach-fails':
      return `detaching it from ${node} fails: ${excerpt(detachError?.message ?? '')}`;
    case 'in-order':
      return `on node ${node}`;
  }
}

/** Pods on its node that mount its volume, or may: an inline volume is known by nothing but its pod. */
function podsOf({ node, volumeName }: VolumeAttachment, cluster: Cluster): readonly string[] {
  const onNode = cluster.pods().get(node) ?? [];
  if (volumeName === null) {
    return onNode.filter(({ inlineVolumes }) => inlineVolumes.length > 0).map(nameOf);
  }
  const named = cluster.volumes.get(volumeName)?.claim ?? null;
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

/** A node that is there and not ready is rebooting, or will be evicted by the cluster itself. */
function nodeSettled({ node }: VolumeAttachment, { nodes }: Cluster): Check {
  const known = nodes.get(node);
  const detail =
    known === undefined
      ? 'no such node'
      : known.ready === true
        ? 'the node is ready'
        : 'the node is there, and is not ready';
  return condition('node-settled', known === undefined || known.ready === true, detail);
}

/** A cluster without any node runs nothing: it is the list that lacks them. */
function nodesSeen({ nodes }: Cluster): Check {
  return condition(
    'nodes-seen',
    nodes.size > 0 ? true : undefined,
    nodes.size > 0 ? `${nodes.size} nodes were read` : 'not a single node was read',
  );
}

/** Since when a node or a volume is gone nobody says; a deletion has its date. */
function staleLongEnough(attachment: VolumeAttachment, context: RuleContext): Check {
  const id = 'stale-for-threshold';
  return attachment.deletedAt === null
    ? suspectedForThreshold(id, refToAttachment(attachment), context)
    : assurance(id, true, `being deleted since ${attachment.deletedAt.toISOString()}`);
}

function remedyFor({ node }: VolumeAttachment, staleness: Staleness): Remedy {
  return {
    action: 'delete-volume-attachment',
    safe: false,
    steps: [
      staleness === 'node-gone'
        ? `Make sure that the machine of node ${node} is switched off or was destroyed: one that merely left the cluster may still write to the volume.`
        : `Make sure that nothing on node ${node} has the volume mounted.`,
      'Check on TrueNAS that the volume has no iSCSI or NVMe-oF session from that machine.',
      'Delete the VolumeAttachment and let the external-attacher remove its finalizer.',
      'Only if it stays, and the first two steps still hold, look into the log of the external-attacher for the reason; never begin by stripping the finalizer.',
    ],
    command: null,
  };
}

const LOOKUPS: readonly Lookup[] = [
  { kind: 'cluster-list', source: 'volumeAttachments' },
  { kind: 'cluster-list', source: 'nodes' },
  { kind: 'cluster-list', source: 'pods' },
  { kind: 'cluster-list', source: 'persistentVolumes' },
  { kind: 'cluster-list', source: 'persistentVolumeClaims' },
];

function lookupsFor(dataset: Dataset | undefined): readonly Lookup[] {
  return dataset?.kind === 'volume'
    ? [...LOOKUPS, { kind: 'system-list', system: dataset.system, source: 'iscsiSessions' }]
    : LOOKUPS;
}

const REQUIRES = [
  'volumeAttachments',
  'nodes',
  'persistentVolumes',
  'persistentVolumeClaims',
  'pods',
  'parents',
] as const;
const CONSULTS = ['volumeLinks', 'exports', 'iscsiSessions'] as const;
type Given = EvidenceFor<(typeof REQUIRES)[number], (typeof CONSULTS)[number]>;

function judge(
  attachment: VolumeAttachment,
  staleness: Staleness,
  cluster: Cluster,
  { volumeLinks, exports, iscsiSessions }: Given,
  context: RuleContext,
): Verdict {
  const pv = cluster.volumes.get(attachment.volumeName ?? '');
  const backend = pv && volumeLinks.value.backendOf(pv);
  const dataset = backend && datasetBehind(backend);
  return {
    subject: refToAttachment(attachment),
    place: backend === undefined ? null : placeOfBackend(backend),
    premise: condition('stale', staleness !== 'in-order', () => describe(attachment, staleness)),
    checks: () => {
      const pods = podsOf(attachment, cluster);
      return [
        nodesSeen(cluster),
        nodeSettled(attachment, cluster),
        condition('no-pod-uses-it', pods.length === 0, () =>
          pods.length === 0 ? 'no pod on that node' : pods.slice(0, 3).join(', '),
        ),
        olderThanThreshold(lastTurn(attachment), context, 'unchanged since'),
        staleLongEnough(attachment, context),
        dataset === undefined
          ? absenceOf('no-session', [], [volumeLinks.coverage])
          : noSession(dataset, exports, iscsiSessions),
      ];
    },
    message: () => describe(attachment, staleness),
    lookups: () => lookupsFor(dataset),
    facts: () => ({
      ...(pv === undefined
        ? facts({ remedy: remedyFor(attachment, staleness) })
        : volumeFacts(pv, dataset)),
      createdAt: attachment.createdAt,
      labels: attachment.labels,
      annotations: attachment.annotations,
      remedy: remedyFor(attachment, staleness),
    }),
  };
}

function isOurs({ cluster, attacher }: VolumeAttachment, parents: ParentIndex): boolean {
  return parents.isTrueNasDriver(cluster, attacher);
}

export const attachmentStale = defineRule({
  id: 'attachment-stale',
  category: 'orphan',
  severity: 'medium',
  title: 'VolumeAttachment that nothing needs and nobody ends',
  scope: 'cluster',
  subjects: ['VolumeAttachment'],
  remembers: true,
  requires: REQUIRES,
  consults: CONSULTS,

  *evaluate(evidence: Given, context) {
    const { volumeAttachments, nodes, persistentVolumes, persistentVolumeClaims, pods } = evidence;
    if (volumeAttachments.length === 0) return;
    const cluster = indexCluster(nodes, persistentVolumes, persistentVolumeClaims, pods);
    for (const attachment of volumeAttachments) {
      const staleness = stalenessOf(attachment, cluster);
      if (context.suspectsOnly && staleness === 'in-order') continue;
      if (!isOurs(attachment, evidence.parents)) continue;
      yield judge(attachment, staleness, cluster, evidence, context);
    }
  },
});
