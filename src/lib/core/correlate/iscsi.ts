import { lazy } from '../model/lazy.ts';
import { type IscsiExtent, type IscsiTarget, type IscsiTargetExtent } from '../model/truenas.ts';
import { BySystem, ListsBySystem } from './by-system.ts';
import { targetKey, zvolPathOf } from './paths.ts';

/** The iSCSI objects of all systems. */
export interface IscsiLists {
  readonly targets: readonly IscsiTarget[];
  readonly extents: readonly IscsiExtent[];
  readonly targetExtents: readonly IscsiTargetExtent[];
}

/** An extent and the targets it is mapped to. */
export interface MappedExtent {
  readonly extent: IscsiExtent;
  readonly targets: readonly IscsiTarget[];
}

/** A zvol that a target serves. */
export interface ServedZvol {
  /** What two spellings of the target's name share. */
  readonly key: string;
  readonly system: string;
  /** Its path, or that of its snapshot. */
  readonly path: string;
}

export interface IscsiIndex {
  readonly extents: readonly IscsiExtent[];
  /** The extents of a zvol. */
  extentsOf(system: string, path: string): readonly MappedExtent[];
  /** Everything that is mapped. */
  readonly served: () => readonly ServedZvol[];
}

interface Mappings {
  readonly byZvol: ListsBySystem<MappedExtent>;
  readonly served: readonly ServedZvol[];
}

interface Joined {
  readonly extent: IscsiExtent;
  readonly path: string | undefined;
  targets: IscsiTarget[];
}

const UNMAPPED: IscsiTarget[] = [];

/** Follows each mapping once, for those who ask for a zvol and for those who ask for a target. */
function follow({ targets, extents, targetExtents }: IscsiLists): Mappings {
  const targetsById = new BySystem<IscsiTarget, number>();
  for (const target of targets) targetsById.set(target.system, target.id, target);
  const byId = new BySystem<Joined, number>();
  const byZvol = new ListsBySystem<MappedExtent>();
  for (const extent of extents) {
    const { system, id } = extent;
    const joined: Joined = { extent, path: zvolPathOf(extent.path), targets: UNMAPPED };
    byId.set(system, id, joined);
    if (joined.path !== undefined) byZvol.add(system, joined.path, joined);
  }
  const served: ServedZvol[] = [];
  for (const { system, target: targetId, extent } of targetExtents) {
    const target = targetsById.get(system, targetId);
    const joined = byId.get(system, extent);
    if (target === undefined || joined === undefined) continue;
    if (joined.targets === UNMAPPED) joined.targets = [target];
    else joined.targets.push(target);
    const { path } = joined;
    if (path !== undefined) served.push({ key: targetKey(target.name), system, path });
  }
  return { byZvol, served };
}

/** Joins extents with zvols by device path, and with the targets that serve them. */
export function indexIscsi(lists: IscsiLists): IscsiIndex {
  const mappings = lazy(() => follow(lists));
  return {
    extents: lists.extents,
    extentsOf: (system, path) => mappings().byZvol.get(system, path),
    served: () => mappings().served,
  };
}
