import { type MappedExtent } from '../../correlate/iscsi.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { leafName, trimSlashes, zvolPathOf } from '../../correlate/paths.ts';
import { type SystemSource } from '../../model/inventory.ts';
import { lazy } from '../../model/lazy.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiTarget,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSubsystem,
  type SmbShare,
} from '../../model/truenas.ts';
import { isOwnIscsiName, isOwnNvmetName } from './foreign-exports.ts';

/** Lists of one system in which recorded ids are looked up. */
export interface IdLists {
  readonly nfsShares: readonly NfsShare[];
  readonly smbShares: readonly SmbShare[];
  readonly iscsiTargets: readonly IscsiTarget[];
  readonly iscsiExtents: readonly IscsiExtent[];
  readonly nvmetSubsystems: readonly NvmetSubsystem[];
  readonly nvmetNamespaces: readonly NvmetNamespace[];
}

/** A recorded id that now belongs to something else. */
export interface Stray {
  readonly source: SystemSource;
  readonly what: string;
}

function byId<T extends { readonly id: number }>(
  items: readonly T[],
): () => ReadonlyMap<number, T> {
  return lazy(() => new Map(items.map((item) => [item.id, item])));
}

/** The object of a recorded id. */
function recorded<T>(objects: () => ReadonlyMap<number, T>, id: string | null): T | undefined {
  return id === null ? undefined : objects().get(Number(id));
}

/** Whether an id is that of something that exports the dataset, as nearly every one is: spares an index of all there are. */
function isAmong(id: string | null, own: readonly { readonly id: number }[]): boolean {
  if (id === null) return false;
  const recordedId = Number(id);
  for (const each of own) if (each.id === recordedId) return true;
  return false;
}

const NONE: readonly Stray[] = [];

function isThere(stray: Stray | undefined): stray is Stray {
  return stray !== undefined;
}

function strays(...found: readonly (Stray | undefined)[]): readonly Stray[] {
  return found.some(isThere) ? found.filter(isThere) : NONE;
}

/** A dataset that was renamed still has the share of its old path: that is its own, if in the wrong place. */
function isAt(path: string | undefined, dataset: Dataset): boolean {
  if (path === undefined) return false;
  return path === dataset.id || leafName(path) === leafName(dataset.id);
}

function isShareOf({ path }: NfsShare | SmbShare, dataset: Dataset): boolean {
  return path === dataset.mountpoint || isAt(trimSlashes(path), dataset);
}

/** What the ids that drivers recorded on datasets belong to now. */
export class RecordedIds {
  readonly #exports: ExportIndex;
  readonly #nfs: () => ReadonlyMap<number, NfsShare>;
  readonly #smb: () => ReadonlyMap<number, SmbShare>;
  readonly #targets: () => ReadonlyMap<number, IscsiTarget>;
  readonly #extents: () => ReadonlyMap<number, IscsiExtent>;
  readonly #subsystems: () => ReadonlyMap<number, NvmetSubsystem>;
  readonly #namespaces: () => ReadonlyMap<number, NvmetNamespace>;

  constructor(lists: IdLists, exports: ExportIndex) {
    this.#exports = exports;
    this.#nfs = byId(lists.nfsShares);
    this.#smb = byId(lists.smbShares);
    this.#targets = byId(lists.iscsiTargets);
    this.#extents = byId(lists.iscsiExtents);
    this.#subsystems = byId(lists.nvmetSubsystems);
    this.#namespaces = byId(lists.nvmetNamespaces);
  }

  /** Ids recorded on a dataset whose object is another's. An id of nothing is what a deletion leaves. */
  strays(dataset: Dataset): readonly Stray[] {
    if (dataset.kind === 'filesystem') {
      return strays(this.#strayNfs(dataset), this.#straySmb(dataset));
    }
    const extents = this.#exports.extentsOf(dataset);
    return strays(
      this.#strayExtent(dataset, extents),
      this.#strayTarget(dataset, extents),
      this.#strayNamespace(dataset),
      this.#straySubsystem(dataset),
    );
  }

  #strayNfs(dataset: Dataset): Stray | undefined {
    const id = dataset.properties.nfsShareId;
    if (isAmong(id, this.#exports.nfsSharesOf(dataset))) return undefined;
    const share = recorded(this.#nfs, id);
    return share === undefined || isShareOf(share, dataset)
      ? undefined
      : { source: 'nfsShares', what: `NFS share ${share.id} exports ${share.path}` };
  }

  #straySmb(dataset: Dataset): Stray | undefined {
    const share = recorded(this.#smb, dataset.properties.smbShareId);
    return share === undefined || isShareOf(share, dataset)
      ? undefined
      : { source: 'smbShares', what: `SMB share ${share.id} exports ${share.path}` };
  }

  #strayExtent(dataset: Dataset, own: readonly MappedExtent[]): Stray | undefined {
    const id = dataset.properties.iscsiExtentId;
    for (const { extent } of own) if (isAmong(id, [extent])) return undefined;
    const extent = recorded(this.#extents, id);
    if (extent === undefined || isAt(zvolPathOf(extent.path), dataset)) return undefined;
    return isOwnIscsiName(extent.name, dataset)
      ? undefined
      : {
          source: 'iscsiExtents',
          what: `extent ${extent.id} is ${extent.name} of ${extent.path}`,
        };
  }

  #strayTarget(dataset: Dataset, own: readonly MappedExtent[]): Stray | undefined {
    const id = dataset.properties.iscsiTargetId;
    for (const { targets } of own) if (isAmong(id, targets)) return undefined;
    const target = recorded(this.#targets, id);
    return target === undefined || isOwnIscsiName(target.name, dataset)
      ? undefined
      : { source: 'iscsiTargets', what: `target ${target.id} is ${target.name}` };
  }

  #strayNamespace(dataset: Dataset): Stray | undefined {
    const namespace = recorded(this.#namespaces, dataset.properties.nvmetNamespaceId);
    if (namespace === undefined || isAt(zvolPathOf(namespace.devicePath), dataset))
      return undefined;
    return isOwnNvmetName(namespace.subsystem, dataset)
      ? undefined
      : {
          source: 'nvmetNamespaces',
          what: `namespace ${namespace.id} exports ${namespace.devicePath}`,
        };
  }

  #straySubsystem(dataset: Dataset): Stray | undefined {
    const subsystem = recorded(this.#subsystems, dataset.properties.nvmetSubsystemId);
    if (subsystem === undefined || isOwnNvmetName(subsystem.name, dataset)) return undefined;
    return this.#exports
      .namespacesOf(dataset)
      .some(({ namespace }) => namespace.subsystemId === subsystem.id)
      ? undefined
      : { source: 'nvmetSubsystems', what: `subsystem ${subsystem.id} is ${subsystem.name}` };
  }
}
