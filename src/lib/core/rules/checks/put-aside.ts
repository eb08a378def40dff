import { type KnownParent } from '../../correlate/known-parent.ts';
import { type Quarantine } from '../../correlate/marks.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { type ParentUse } from '../../correlate/parent-use.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type RuleContext } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { keeperOf, unnoted } from './detached-copy.ts';
import { notKeptOnPurpose } from './leaning.ts';
import { ownedByRegistered, type Surroundings } from './unclaimed.ts';

/**
 * How much of each parent nobody claims, but for what is in quarantine: that was looked at when it was put aside, and its number
 * says nothing of the cluster.
 */
export function useBesideQuarantine(
  quarantines: readonly Quarantine[],
  { parents, volumeLinks }: Pick<Surroundings, 'parents' | 'volumeLinks'>,
): (parent: KnownParent) => ParentUse {
  const aside = new Map<KnownParent, number>();
  for (const { root } of quarantines) {
    const parent = parents.parentOf(root.system, root.id);
    if (parent === undefined || !volumeLinks.isManaged(root)) continue;
    if (volumeLinks.usersOf(root).length > 0) continue;
    aside.set(parent, (aside.get(parent) ?? 0) + 1);
  }
  return (parent) => {
    const { managed, unclaimed } = volumeLinks.useOf(parent);
    const count = aside.get(parent) ?? 0;
    return { managed: managed - count, unclaimed: unclaimed - count };
  };
}

/** The parent whose driver made what is in quarantine, as a volume, as a detached copy of one, or as the container of such copies. */
function homeOf({ root, path }: Quarantine, parents: ParentIndex): KnownParent | undefined {
  const { system, properties } = root;
  return (
    parents.parentOf(system, path) ??
    keeperOf({ ...root, id: path }, parents) ??
    (properties.owner === null ? parents.detachedParentOf(system, path) : undefined)
  );
}

/** Itself as the claims and attachments would name it that still speak of it. */
export function namedInKubernetes({ root, path }: Quarantine, parents: ParentIndex): Dataset {
  return keeperOf({ ...root, id: path }, parents) === undefined ? root : unnoted(root);
}

/** That nobody comes for it counts only where everybody who could is in view. */
export function oursToDestroy(
  quarantine: Quarantine,
  around: Surroundings,
  useOf: (parent: KnownParent) => ParentUse,
  context: RuleContext,
): readonly Check[] {
  const { root, path, byUs } = quarantine;
  const parent = homeOf(quarantine, around.parents);
  if (parent === undefined) {
    return [
      assurance('owner-registered', undefined, `no registered driver keeps its volumes at ${path}`),
    ];
  }
  const all = { ...around, exports: around.exports.value };
  // It was known to be made here when it was put aside, and its share is the first that goes when it is destroyed.
  const known = { use: useOf(parent), madeHere: byUs };
  return [...ownedByRegistered(root, parent, all, context, known), notKeptOnPurpose(root, parent)];
}

/** A mark is text that anybody may write, restore or receive; only what our journals tell of is known to have been out of reach. */
export function putAsideByUs({ root: { createdAt }, since, planId, byUs }: Quarantine): Check {
  const id = 'put-aside-by-us';
  if (since !== null && createdAt !== null && since < createdAt) {
    return assurance(id, false, `its mark is older than itself, of ${createdAt.toISOString()}`);
  }
  const plan = planId === null || planId === '' ? 'a plan' : `plan ${planId}`;
  return byUs
    ? assurance(id, true, `a journal here tells that ${plan} put it aside`)
    : assurance(id, undefined, `no journal here tells that ${plan} put it aside`);
}

/** An export that was enabled and is disabled again leaves no other trace than what came in through it. */
export function notWrittenSince({ root: { usedByDataset }, heldThen }: Quarantine): Check {
  const held = usedByDataset?.bytes ?? null;
  const isKnown = held !== null && heldThen !== null;
  return assurance(
    'not-written-since',
    isKnown ? held === heldThen : undefined,
    isKnown
      ? `it holds ${String(held)} bytes itself, and held ${String(heldThen)} when it was put aside`
      : 'what it held when it was put aside, or what it holds now, is not known',
  );
}
