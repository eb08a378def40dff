import { type KnownParent } from '../../correlate/known-parent.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { leafName } from '../../correlate/paths.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type Listing } from '../../model/coverage.ts';
import { type ClusterIdentity } from '../../model/inventory.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Consulted, type DatasetPlace, type RuleContext } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { authorOf, noForeignOwner, ours, plausibleShare, type OwnerSigns } from './ownership.ts';
import {
  MEMORY_SOURCES,
  nameNotRemembered,
  notRemembered,
  type ObjectMemories,
} from './remembered.ts';
import { ownedByRegistered } from './unclaimed.ts';

/*
 * Whose an export is that reaches nothing. Below a parent that others may use too it may be that of a volume they count on, of
 * which something else is missing: to take the rest away is no help to them.
 */

/** What has to be known to say whose it is. */
export interface OwnerWorld extends ObjectMemories {
  readonly clusters: readonly ClusterIdentity[];
  readonly parents: ParentIndex;
  readonly volumeLinks: VolumeLinks;
  readonly exports: Consulted<'exports'>;
  readonly persistentVolumes: Listing<PersistentVolume>;
}

/** The consulted sources behind it, for a rule to name. */
export const OWNER_SOURCES = ['persistentVolumes', 'exports', ...MEMORY_SOURCES] as const;

/** What is left of a volume without its dataset: an export stays behind on a replica as well as where a driver made it. */
export const NO_SIGNS: OwnerSigns = { instanceId: null, comments: [], exported: false };

/** That what exports a zvol that is gone is ours. Outside every parent nothing says whose it is, and nothing more is asked. */
export function deviceIsOurs(parents: ParentIndex, system: string, path: string): readonly Check[] {
  const parent = parents.parentOf(system, path);
  return parent === undefined ? [] : [ours(NO_SIGNS, parent)];
}

/** Whether a driver that was declared for a parent says in a comment that it made the share for this very dataset. */
function isSigned(comment: string, path: string, parent: KnownParent): boolean {
  const author = authorOf(comment);
  return author !== undefined && parent.drivers.includes(author) && comment.endsWith(` ${path}`);
}

/**
 * That a share of a dataset that is gone is ours. No list tells a plain directory from nothing, and others may share one they use;
 * but what a driver shares was a dataset.
 */
export function shareIsOurs(
  comment: string,
  parents: ParentIndex,
  system: string,
  path: string,
): readonly Check[] {
  const parent = parents.parentOf(system, path);
  if (parent === undefined) return [];
  const signs = { ...NO_SIGNS, comments: [comment] };
  const inView = parent.origin === 'declared' && parent.located && parent.unseenBy.length === 0;
  return [
    inView && isSigned(comment, path, parent)
      ? assurance('owner-registered', true, `its comment is "${comment}"`)
      : ours(signs, parent),
    noForeignOwner(signs, parent, parents),
  ];
}

/** Checks that the export of a volume that is there is ours to take away. */
export function volumeIsOurs(
  dataset: Dataset,
  world: OwnerWorld,
  context: Pick<RuleContext, 'policy'>,
): readonly Check[] {
  const { parents, exports, persistentVolumes } = world;
  const parent = parents.parentOf(dataset.system, dataset.id);
  return [
    ...(parent === undefined
      ? []
      : ownedByRegistered(dataset, parent, { ...world, exports: exports.value }, context)),
    notRemembered(dataset, { ...world, persistentVolumes: persistentVolumes.items }),
  ];
}

/** The same of one whose dataset is gone: where it lay is all there is to go by. */
export function placeIsOurs(
  { system, path }: DatasetPlace,
  world: OwnerWorld,
  { policy }: Pick<RuleContext, 'policy'>,
): readonly Check[] {
  const parent = world.parents.parentOf(system, path);
  if (parent === undefined) return [];
  return [
    ours(NO_SIGNS, parent),
    plausibleShare(world.volumeLinks.useOf(parent), parent, policy),
    nameNotRemembered(leafName(path), world),
  ];
}
