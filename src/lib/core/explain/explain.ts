import { CLUSTER_SOURCES, SYSTEM_SOURCES, type ListSource } from '../model/inventory.ts';
import { type Policy } from '../model/policy.ts';
import { type Report } from '../model/report.ts';
import { refKey, type ResourceRef, type ResourceType } from '../model/resource-ref.ts';
import { type DatasetPlace, type Rule } from '../model/rule.ts';
import { anchorKey, anchorsOf, type Anchor } from './anchors.ts';
import { judgeDeletion } from './deletion.ts';
import { rootsAt } from './chain.ts';
import { type Chain, type ChainNode, type Home, walk } from './explanation.ts';
import { loneNode } from './lone-objects.ts';
import { type Scene } from './scene.ts';
import { tellStories, type Cast } from './stories.ts';

/** Lists a chain is made from: whatever hangs together with a volume. */
export const CHAIN_SOURCES: readonly ListSource[] = [
  ...CLUSTER_SOURCES.filter((source) => source !== 'nodes' && source !== 'csiDrivers'),
  ...SYSTEM_SOURCES,
];

interface Group {
  readonly anchor: Anchor;
  readonly subjects: ResourceRef[];
}

/** What was asked for, by the chain it hangs on. */
function groupByAnchor(subjects: readonly ResourceRef[], scene: Scene): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const subject of subjects) {
    for (const anchor of anchorsOf(subject, scene)) {
      const key = anchorKey(anchor);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { anchor, subjects: [subject] });
      else group.subjects.push(subject);
    }
  }
  return [...groups.values()];
}

function castOf(
  anchor: Anchor,
  roots: readonly ChainNode[],
  subjects: readonly ResourceRef[],
): Cast {
  const nodes = [...walkInside(roots)];
  const homes = new Map<string, Home>();
  for (const { home } of nodes) {
    if (home !== null) homes.set(`${home.side} ${home.name}`, home);
  }
  const places: DatasetPlace[] = anchor.kind === 'place' ? [anchor.place] : [];
  const refs = [...nodes.flatMap(({ ref }) => ref ?? []), ...subjects];
  const storage: ResourceType[] = places.length === 0 ? [] : ['Dataset', 'Zvol'];
  return {
    subjects: new Set(refs.map(refKey)),
    types: new Set([...refs.map(({ type }) => type), ...storage]),
    asked: new Set(subjects.map(refKey)),
    places,
    homes: [...homes.values()],
  };
}

/** The nodes of a tree but those beside the chain. */
function* walkInside(nodes: readonly ChainNode[]): Iterable<ChainNode> {
  for (const node of nodes) {
    if (node.beside) continue;
    yield node;
    yield* walkInside(node.children);
  }
}

/** The tree of an anchor; what it does not show, though it was asked for, stands before it. */
function treeOf({ anchor, subjects }: Group, scene: Scene): readonly ChainNode[] {
  const roots = rootsAt(anchor, scene);
  const shown = new Set([...walk(roots)].flatMap(({ ref }) => (ref === null ? [] : refKey(ref))));
  const missing = subjects.filter((ref) => !shown.has(refKey(ref)) && !isHole(ref, roots));
  return [...missing.map((ref) => loneNode(ref, scene)), ...roots];
}

/** Somebody may ask for what is not there: its hole is the answer. */
function isHole({ name }: ResourceRef, roots: readonly ChainNode[]): boolean {
  return [...walk(roots)].some((node) => node.state !== 'present' && node.name === name);
}

export interface ExplainInput {
  readonly scene: Scene;
  readonly report: Report;
  readonly rules: readonly Rule[];
  readonly policy: Policy;
}

/** The chains of some objects: one for each volume they belong to. */
export function explain(subjects: readonly ResourceRef[], input: ExplainInput): readonly Chain[] {
  const { scene, report, rules, policy } = input;
  return groupByAnchor(subjects, scene).map((group) => {
    const roots = treeOf(group, scene);
    const cast = castOf(group.anchor, roots, group.subjects);
    return {
      subjects: group.subjects,
      roots,
      rules: tellStories(rules, cast, report, scene, policy),
      ...judgeDeletion(roots, group.subjects, scene),
    };
  });
}

/** Datasets of which an explanation wants to know what else uses them: that is told of one at a time. */
export function datasetsToLookUp(
  subjects: readonly ResourceRef[],
  scene: Scene,
): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { anchor } of groupByAnchor(subjects, scene)) {
    if (anchor.kind !== 'place') continue;
    const { system, path } = anchor.place;
    if (scene.findDataset(system, path)?.attachments !== null) continue;
    wanted.set(system, (wanted.get(system) ?? new Set()).add(path));
  }
  return wanted;
}

/** Snapshots whose details an explanation wants: their holds and properties come one by one. */
export function snapshotsToLookUp(
  subjects: readonly ResourceRef[],
  scene: Scene,
): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { anchor } of groupByAnchor(subjects, scene)) {
    if (anchor.kind !== 'place') continue;
    const { system, path } = anchor.place;
    for (const { dataset, id, details } of scene.ofSystem('zfsSnapshots', system)) {
      if (dataset !== path || details !== null) continue;
      const ids = wanted.get(system) ?? new Set();
      wanted.set(system, ids.add(id));
    }
  }
  return wanted;
}
