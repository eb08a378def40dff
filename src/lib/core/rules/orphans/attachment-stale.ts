import { type ParentIndex } from '../../correlate/parents.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { type VolumeAttachment } from '../../model/kubernetes.ts';
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
import { indexCluster, podsOf, type Cluster } from '../checks/attached-pods.ts';
import { datasetBehind } from '../checks/backing.ts';
import { excerpt } from '../checks/excerpt.ts';
import { facts, volumeFacts } from '../checks/facts.ts';
import { noNvmeSession, noSession } from '../checks/leaning.ts';
import { placeOfBackend } from '../checks/place.ts';
import { suspectedForThreshold } from '../checks/suspected.ts';
import { suspectsAmong } from '../checks/suspects.ts';

type Staleness = 'node-gone' | 'volume-gone' | 'detach-fails' | 'in-order';

function stalenessOf(attachment: VolumeAttachment, { nodes, volumeOf }: Cluster): Staleness {
  const { node, volumeName, deletedAt, detachError } = attachment;
  if (!nodes.has(node)) return 'node-gone';
  if (volumeName !== null && volumeOf(attachment) === undefined) return 'volume-gone';
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
    nodes.size > 0 ? `nodes read: ${nodes.size}` : 'not a single node was read',
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
  if (dataset?.kind !== 'volume') return LOOKUPS;
  const { system } = dataset;
  return [
    ...LOOKUPS,
    { kind: 'system-list', system, source: 'iscsiSessions' },
    { kind: 'system-list', system, source: 'nvmetSessions' },
  ];
}

const REQUIRES = [
  'volumeAttachments',
  'nodes',
  'persistentVolumes',
  'persistentVolumeClaims',
  'pods',
  'parents',
] as const;
const CONSULTS = [
  'volumeLinks',
  'exports',
  'iscsiSessions',
  'nvmetNamespaces',
  'nvmetSessions',
] as const;
type Given = EvidenceFor<(typeof REQUIRES)[number], (typeof CONSULTS)[number]>;

/** A machine that still has its session may still write, whatever the cluster thinks of it. */
function sessionChecks(dataset: Dataset | undefined, evidence: Given): readonly Check[] {
  const { volumeLinks, exports, iscsiSessions, nvmetNamespaces, nvmetSessions } = evidence;
  if (dataset === undefined) return [absenceOf('no-session', [], [volumeLinks.coverage])];
  return [
    noSession(dataset, exports, iscsiSessions),
    ...noNvmeSession(dataset, exports, nvmetNamespaces, nvmetSessions),
  ];
}

function judge(
  attachment: VolumeAttachment,
  staleness: Staleness,
  cluster: Cluster,
  evidence: Given,
  context: RuleContext,
): Verdict {
  const pv = cluster.volumeOf(attachment);
  const backend = pv && evidence.volumeLinks.value.backendOf(pv);
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
        ...sessionChecks(dataset, evidence),
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
    const isStale = (attachment: VolumeAttachment): boolean =>
      stalenessOf(attachment, cluster) !== 'in-order';
    for (const attachment of suspectsAmong(volumeAttachments, context, isStale)) {
      if (!isOurs(attachment, evidence.parents)) continue;
      yield judge(attachment, stalenessOf(attachment, cluster), cluster, evidence, context);
    }
  },
});
