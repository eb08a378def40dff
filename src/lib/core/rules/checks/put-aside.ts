import { type KnownParent } from '../../correlate/known-parent.ts';
import { type Quarantine } from '../../correlate/marks.ts';
import { type ParentUse } from '../../correlate/parent-use.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type RuleContext } from '../../model/rule.ts';
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

/** That nobody comes for it counts only where everybody who could is in view. */
export function oursToDestroy(
  { root, path }: Quarantine,
  around: Surroundings,
  useOf: (parent: KnownParent) => ParentUse,
  context: RuleContext,
): readonly Check[] {
  const parent = around.parents.parentOf(root.system, path);
  if (parent === undefined) {
    return [
      assurance('owner-registered', undefined, `no registered driver keeps its volumes at ${path}`),
    ];
  }
  const all = { ...around, exports: around.exports.value };
  return [
    ...ownedByRegistered(root, parent, all, context, useOf(parent)),
    notKeptOnPurpose(root, parent),
  ];
}
