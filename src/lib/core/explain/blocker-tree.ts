import { type Blocker, type ChainNode } from './explanation.ts';
import { OWN } from './export-owners.ts';
import { factOf, type Namer, ownersOf, readNode, type Surroundings } from './blocker-readers.ts';

/** A node with what stands above it, as far as that matters for its end. */
export interface Placed {
  readonly node: ChainNode;
  readonly above: ChainNode | undefined;
  /** It lies below a volume whose driver deletes what it made when the volume goes. */
  readonly driverDeletes: boolean;
}

/** Whether what lies below a handle is deleted by a driver: nobody does that for a volume that was written by hand. */
function isDriven(node: ChainNode, above: ChainNode | undefined): boolean {
  return (
    node.kind === 'CSI volume handle' &&
    above !== undefined &&
    factOf(above, 'reclaim policy') === 'Delete'
  );
}

/** The nodes of a tree, without what stands below a clone or an origin: that is judged for itself. */
export function* place(
  nodes: readonly ChainNode[],
  above?: ChainNode,
  driverDeletes = false,
): Iterable<Placed> {
  for (const node of nodes) {
    yield { node, above, driverDeletes };
    if (node.role === 'clone' || node.role === 'origin') continue;
    yield* place(node.children, node, driverDeletes || isDriven(node, above));
  }
}

/** What the driver of a volume made for it and deletes with it. */
export function* deletedByDriver(nodes: readonly ChainNode[]): Iterable<ChainNode> {
  for (const { node, driverDeletes } of place(nodes)) {
    if (driverDeletes && factOf(node, OWN) === 'true') yield node;
  }
}

/** What can go without the volume it belongs to. */
const PARTS: ReadonlySet<ChainNode['role']> = new Set([
  'share',
  'extent',
  'namespace',
  'attachment',
  'task',
  'content',
  'volume-snapshot',
  'claim',
  'volume',
]);

/** What the nodes of a tree say of what stands in the way of deleting what was asked for. */
export function* readTree(
  nodes: readonly ChainNode[],
  isAsked: (node: ChainNode) => boolean,
  name: Namer,
): Iterable<Blocker> {
  const placed = [...place(nodes)];
  const volumeAsked = placed.some(
    ({ node }) => (node.role === 'volume' || node.role === 'claim') && isAsked(node),
  );
  for (const { node, above, driverDeletes } of placed) {
    const around: Surroundings = { above, driverDeletes, volumeAsked, isAsked, name };
    // What is to be deleted is not in its own way, though a tool that owns it is.
    if (PARTS.has(node.role) && isAsked(node)) yield* ownersOf(node, name);
    else yield* readNode(node, around);
  }
}
