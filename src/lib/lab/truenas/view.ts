import {
  type LabDataset,
  type LabPool,
  type LabSnapshot,
  type LabSystem,
} from '../scenario/world.ts';

/** A dataset in its tree, with what follows from where it stands. */
export interface DatasetNode {
  readonly dataset: LabDataset;
  readonly pool: LabPool;
  readonly parent: DatasetNode | null;
  readonly children: DatasetNode[];
  readonly snapshots: LabSnapshot[];
  /** This dataset and everything below. */
  used: number;
  /** Of that, what is written and not only reserved. */
  physical: number;
  /** The same before compression. */
  logical: number;
  /** The dataset whose key is missing, which may be an ancestor. */
  readonly lockedBy: string | null;
}

export interface SnapshotNode {
  readonly snapshot: LabSnapshot;
  readonly node: DatasetNode;
  readonly name: string;
}

/** The system as trees, derived from its state in one walk. */
export interface View {
  readonly roots: readonly DatasetNode[];
  /** Parents before children. */
  readonly nodes: readonly DatasetNode[];
  readonly byId: ReadonlyMap<string, DatasetNode>;
  readonly snapshots: readonly SnapshotNode[];
  readonly snapshotById: ReadonlyMap<string, SnapshotNode>;
  /** Ids of the datasets that were cloned from a snapshot. */
  readonly clones: ReadonlyMap<string, readonly string[]>;
  /** Text of answers given from this view, by method and parameters. */
  readonly answers: Map<string, string>;
}

export function parentOf(id: string): string {
  const slash = id.lastIndexOf('/');
  return slash < 0 ? '' : id.slice(0, slash);
}

const byPath = (a: LabDataset, b: LabDataset): number => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);

function plant(dataset: LabDataset, pool: LabPool, parent: DatasetNode | null): DatasetNode {
  const physical = dataset.usedbydataset + dataset.usedbysnapshots;
  return {
    dataset,
    pool,
    parent,
    children: [],
    snapshots: [],
    used: physical + dataset.usedbyrefreservation,
    physical,
    logical: Math.round(physical * (dataset.compressRatio ?? 1)),
    lockedBy: parent?.lockedBy ?? (dataset.locked === true ? dataset.id : null),
  };
}

function growTree(system: LabSystem): Map<string, DatasetNode> {
  const pools = new Map(system.pools.filter((pool) => pool.imported).map((p) => [p.name, p]));
  const byId = new Map<string, DatasetNode>();
  // A path sorts before everything below it, so each parent is met before its children.
  for (const dataset of [...system.datasets].sort(byPath)) {
    const pool = pools.get(dataset.id.split('/', 1)[0] ?? '');
    const parent = byId.get(parentOf(dataset.id)) ?? null;
    if (pool === undefined || (parent === null && dataset.id.includes('/'))) continue;
    const node = plant(dataset, pool, parent);
    parent?.children.push(node);
    byId.set(dataset.id, node);
  }
  return byId;
}

function listSnapshots(system: LabSystem, byId: Map<string, DatasetNode>): SnapshotNode[] {
  const found: SnapshotNode[] = [];
  for (const snapshot of system.snapshots) {
    const at = snapshot.id.indexOf('@');
    const node = byId.get(snapshot.id.slice(0, at));
    if (at < 0 || node === undefined) continue;
    node.snapshots.push(snapshot);
    found.push({ snapshot, node, name: snapshot.id.slice(at + 1) });
  }
  return found;
}

/** Derives the trees from the state. Pools that are not imported take their datasets with them. */
export function viewOf(system: LabSystem): View {
  const byId = growTree(system);
  const nodes = [...byId.values()];
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const node = nodes[index];
    if (!node?.parent) continue;
    node.parent.used += node.used;
    node.parent.physical += node.physical;
    node.parent.logical += node.logical;
  }
  const snapshots = listSnapshots(system, byId);
  const clones = new Map<string, string[]>();
  for (const { dataset } of nodes) {
    if (dataset.origin === undefined) continue;
    const siblings = clones.get(dataset.origin);
    if (siblings === undefined) clones.set(dataset.origin, [dataset.id]);
    else siblings.push(dataset.id);
  }
  return {
    roots: nodes.filter((node) => node.parent === null),
    nodes,
    byId,
    snapshots,
    snapshotById: new Map(snapshots.map((entry) => [entry.snapshot.id, entry])),
    clones,
    answers: new Map(),
  };
}

/** The user properties in force, each with the dataset it was set on. */
export function effectiveProperties(
  node: DatasetNode,
): ReadonlyMap<string, { readonly value: string; readonly from: string }> {
  const found = new Map<string, { readonly value: string; readonly from: string }>();
  for (let at: DatasetNode | null = node; at !== null; at = at.parent) {
    for (const [key, value] of Object.entries(at.dataset.userProperties)) {
      if (!found.has(key)) found.set(key, { value, from: at.dataset.id });
    }
  }
  return found;
}

/** All nodes of a subtree, its root first. */
export function subtree(node: DatasetNode): DatasetNode[] {
  const all = [node];
  for (const at of all) all.push(...at.children);
  return all;
}

/** The dataset a file system path or a `zvol/…` path belongs to. */
export function datasetOfPath(view: View, path: string): DatasetNode | undefined {
  if (path.startsWith('zvol/')) return view.byId.get(path.slice(5).replaceAll('+', ' '));
  if (!path.startsWith('/mnt/')) return undefined;
  for (let id = path.slice(5); id !== ''; id = parentOf(id)) {
    const node = view.byId.get(id);
    if (node !== undefined) return node;
  }
  return undefined;
}

/** Above this many objects, a view is kept until the state is changed through a method, an array changes, or `touch`. */
const KEPT_ABOVE = 2000;

/** Gives the view of the present state, and derives it anew no more often than needed. */
export class ViewCache {
  readonly #system: LabSystem;
  #view: View | undefined;
  #seen: readonly unknown[] = [];

  constructor(system: LabSystem) {
    this.#system = system;
  }

  /** Says that the state has changed. */
  touch(): void {
    this.#view = undefined;
  }

  current(): View {
    const { pools, datasets, snapshots } = this.#system;
    // In a small world deriving is cheaper than finding out whether something changed in place.
    if (datasets.length + snapshots.length <= KEPT_ABOVE) this.#view = undefined;
    const seen = [
      ...Object.values(this.#system)
        .filter(Array.isArray)
        .flatMap((list: unknown[]) => [list, list.length]),
      ...pools.map((pool) => pool.imported),
    ];
    if (seen.some((value, index) => value !== this.#seen[index])) this.#view = undefined;
    this.#seen = seen;
    this.#view ??= viewOf(this.#system);
    return this.#view;
  }
}
