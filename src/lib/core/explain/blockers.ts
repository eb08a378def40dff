import { refKey, type ResourceRef, type ResourceType } from '../model/resource-ref.ts';
import { ownersOf, readNode } from './blocker-readers.ts';
import { type Blocker, type BlockerKind, type ChainNode, walk } from './explanation.ts';

/*
 * What stands in the way of deleting, read off the tree: whatever the tree shows as a hole that cannot be told is
 * something that may stand in the way.
 */

/** In the order to resolve them: a tool that makes objects again first, then from whoever uses the data to what is on it. */
const ORDER: readonly BlockerKind[] = [
  'owner',
  'workload',
  'pod',
  'attachment',
  'session',
  'job',
  'clone',
  'hold',
  'claimed-snapshot',
  'snapshot',
  'share',
  'task',
  'child',
  'mark',
];

function* readTree(
  nodes: readonly ChainNode[],
  above: ChainNode | undefined,
  asked: ReadonlySet<string>,
): Iterable<Blocker> {
  for (const node of nodes) {
    // What is to be deleted is not in its own way, though a tool that owns it is.
    const isAsked = node.ref !== null && asked.has(refKey(node.ref));
    const own = PARTS.has(node.role) && isAsked ? ownersOf(node) : readNode(node, above);
    yield* own;
    if (node.role !== 'clone' && node.role !== 'origin')
      yield* readTree(node.children, node, asked);
  }
}

/** Parts of a volume that can go without it. */
const PARTS: ReadonlySet<ChainNode['role']> = new Set([
  'share',
  'extent',
  'namespace',
  'attachment',
  'task',
  'content',
  'volume-snapshot',
]);

const SNAPSHOTS: ReadonlySet<ResourceType> = new Set([
  'ZfsSnapshot',
  'VolumeSnapshotContent',
  'VolumeSnapshot',
]);

const EXPORTS: ReadonlySet<ResourceType> = new Set([
  'NfsShare',
  'SmbShare',
  'IscsiTarget',
  'IscsiExtent',
  'NvmetNamespace',
  'NvmetSubsystem',
  'VolumeAttachment',
]);

/** Whoever uses a volume uses it through its export; what lies on the NAS does not mind that one goes. */
const IN_THE_WAY_OF_EXPORTS: ReadonlySet<BlockerKind> = new Set([
  'owner',
  'workload',
  'pod',
  'attachment',
  'session',
]);

const IN_THE_WAY_OF_SNAPSHOTS: ReadonlySet<BlockerKind> = new Set([
  'owner',
  'job',
  'clone',
  'hold',
  'claimed-snapshot',
]);

/** The part of the tree that minds, and which kinds of it; null for all. */
interface Concern {
  readonly nodes: readonly ChainNode[];
  readonly kinds: ReadonlySet<BlockerKind> | null;
}

function concernOf(
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
  asked: ReadonlySet<string>,
): Concern {
  if (subjects.every(({ type }) => SNAPSHOTS.has(type))) {
    const isAsked = ({ ref }: ChainNode): boolean => ref !== null && asked.has(refKey(ref));
    // A chain has many snapshots, and only theirs matter.
    const nodes = [...walk(roots)].filter(
      (node) => node.role === 'snapshot' && [...walk([node])].some(isAsked),
    );
    if (nodes.length > 0) return { nodes, kinds: IN_THE_WAY_OF_SNAPSHOTS };
  }
  const exported = subjects.every(({ type }) => EXPORTS.has(type));
  return { nodes: roots, kinds: exported ? IN_THE_WAY_OF_EXPORTS : null };
}

/** What stands in the way of deleting what was asked for, in the order to resolve it. */
export function findBlockers(
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
): readonly Blocker[] {
  const asked = new Set(subjects.map(refKey));
  const { nodes, kinds } = concernOf(roots, subjects, asked);
  const found = [...readTree(nodes, undefined, asked)].filter(
    ({ kind }) => kinds?.has(kind) ?? true,
  );
  const distinct = new Map(found.map((each) => [`${each.kind} ${each.what}`, each]));
  return [...distinct.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}
