import {
  refKey,
  type ResourceRef,
  type ResourceType,
  type StorageType,
} from '../model/resource-ref.ts';
import { type Namer } from './blocker-readers.ts';
import { readTree } from './blocker-tree.ts';
import { type Blocker, type BlockerKind, type Chain, type ChainNode, walk } from './explanation.ts';
import { type Family, remarksOn } from './deletion-remarks.ts';
import { type Scene } from './scene.ts';

/*
 * What is to be known before something is deleted, read off the tree. What that is depends on what is deleted: a volume takes
 * its data along, a task takes nothing.
 */

/** In the order to resolve them: a tool that makes objects again first, then from whoever uses the data to what is on it. */
const ORDER: readonly BlockerKind[] = [
  'owner',
  'workload',
  'pod',
  'attachment',
  'session',
  'claim',
  'volume',
  'target',
  'use',
  'kept',
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

const FAMILIES: Readonly<Partial<Record<ResourceType, Family>>> = {
  PersistentVolume: 'volume',
  PersistentVolumeClaim: 'volume',
  Dataset: 'volume',
  Zvol: 'volume',
  ZfsSnapshot: 'snapshot',
  VolumeSnapshot: 'snapshot',
  VolumeSnapshotContent: 'snapshot',
  NfsShare: 'export',
  SmbShare: 'export',
  IscsiTarget: 'export',
  IscsiExtent: 'export',
  NvmetNamespace: 'export',
  NvmetSubsystem: 'export',
  VolumeAttachment: 'attachment',
  SnapshotTask: 'task',
  ReplicationTask: 'task',
  IscsiInitiator: 'group',
  StorageClass: 'class',
  VolumeSnapshotClass: 'class',
} satisfies Record<StorageType, Family>;

/** Whoever uses a volume; what lies on the NAS does not mind that an attachment of it goes. */
const USERS: readonly BlockerKind[] = ['owner', 'workload', 'pod', 'session'];

/** What minds the end of each; null for all of the tree. */
const CONCERNS: Readonly<Record<Family, ReadonlySet<BlockerKind> | null>> = {
  volume: null,
  snapshot: new Set(['owner', 'job', 'clone', 'hold', 'claimed-snapshot']),
  // A volume that nothing exports is there, and nobody can mount it.
  export: new Set([...USERS, 'attachment', 'volume']),
  attachment: new Set(USERS),
  task: new Set(['owner']),
  group: new Set(['owner', 'target']),
  class: new Set(['owner']),
};

/** Of a volume and what it is used through the whole tree; of the others only what hangs on them. */
function nodesFor(
  family: Family,
  roots: readonly ChainNode[],
  isAsked: (node: ChainNode) => boolean,
): readonly ChainNode[] {
  if (family === 'snapshot') {
    // A chain has many snapshots, and only theirs matter.
    return [...walk(roots)].filter(
      (node) => node.role === 'snapshot' && [...walk([node])].some(isAsked),
    );
  }
  const whole = family === 'volume' || family === 'export' || family === 'attachment';
  return whole ? roots : [...walk(roots)].filter(isAsked);
}

function blockersOf(
  family: Family,
  roots: readonly ChainNode[],
  asked: ReadonlySet<string>,
  name: Namer,
): readonly Blocker[] {
  const isAsked = ({ ref }: ChainNode): boolean => ref !== null && asked.has(refKey(ref));
  const nodes = nodesFor(family, roots, isAsked);
  // A detached copy is a dataset, and goes with everything that is on it.
  const [from, kinds] =
    family === 'snapshot' && nodes.length === 0 ? [roots, null] : [nodes, CONCERNS[family]];
  return [...readTree(from, isAsked, name)].filter(({ kind }) => kinds?.has(kind) ?? true);
}

function pathOf({ kind, name, namespace }: ChainNode): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name ?? ''}`.trim();
}

/** One path may be exported twice. */
const NAMED_BY_PATH: readonly string[] = ['NfsShare', 'NvmetNamespace'] satisfies ResourceType[];

function idOf({ kind, ref }: ChainNode): string {
  const id = ref?.discriminator ?? null;
  return id !== null && NAMED_BY_PATH.includes(kind) ? ` (id ${id})` : '';
}

/** Names objects as they are told apart: by their cluster or system where there are several. */
function namerFor({ evidence: { inventory } }: Scene): Namer {
  const many = {
    cluster: inventory.clusters.length > 1,
    system: inventory.systems.length > 1,
  };
  return (node) => {
    const { home } = node;
    const path = `${pathOf(node)}${idOf(node)}`;
    return home !== null && many[home.side] ? `${path} of ${home.side} ${home.name}` : path;
  };
}

/** What stands in the way of deleting what was asked for, in the order to resolve it, and what else is to be known. */
export function judgeDeletion(
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
  scene: Scene,
): Pick<Chain, 'deletable' | 'blockers' | 'remarks'> {
  const asked = new Set(subjects.map(refKey));
  const deletable = [...walk(roots)].some(({ ref }) => ref !== null && asked.has(refKey(ref)));
  if (!deletable) return { deletable, blockers: [], remarks: [] };
  const name = namerFor(scene);
  const families = [...new Set(subjects.flatMap(({ type }) => FAMILIES[type] ?? []))];
  const found = families.flatMap((family) => blockersOf(family, roots, asked, name));
  const distinct = new Map(found.map((each) => [`${each.kind} ${each.what}`, each]));
  return {
    deletable,
    blockers: [...distinct.values()].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)),
    remarks: remarksOn(roots, subjects, families, scene, name),
  };
}
