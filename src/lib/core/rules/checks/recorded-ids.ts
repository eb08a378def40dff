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
    return dataset.kind === 'filesystem'
      ? [...this.#strayShares(dataset)]
      : [...this.#strayTargets(dataset), ...this.#straySubsystems(dataset)];
  }

  *#strayShares(dataset: Dataset): Iterable<Stray> {
    const { nfsShareId, smbShareId } = dataset.properties;
    const nfs = nfsShareId === null ? undefined : this.#nfs().get(Number(nfsShareId));
    if (nfs !== undefined && !isShareOf(nfs, dataset)) {
      yield { source: 'nfsShares', what: `NFS share ${nfs.id} exports ${nfs.path}` };
    }
    const smb = smbShareId === null ? undefined : this.#smb().get(Number(smbShareId));
    if (smb !== undefined && !isShareOf(smb, dataset)) {
      yield { source: 'smbShares', what: `SMB share ${smb.id} exports ${smb.path}` };
    }
  }

  *#strayTargets(dataset: Dataset): Iterable<Stray> {
    const { iscsiTargetId, iscsiExtentId } = dataset.properties;
    const extent = iscsiExtentId === null ? undefined : this.#extents().get(Number(iscsiExtentId));
    if (
      extent !== undefined &&
      !isAt(zvolPathOf(extent.path), dataset) &&
      !isOwnIscsiName(extent.name, dataset)
    ) {
      const what = `extent ${extent.id} is ${extent.name} of ${extent.path}`;
      yield { source: 'iscsiExtents', what };
    }
    const target = iscsiTargetId === null ? undefined : this.#targets().get(Number(iscsiTargetId));
    if (target !== undefined && !isOwnIscsiName(target.name, dataset)) {
      const serving = this.#exports.extentsOf(dataset).flatMap(({ targets }) => targets);
      if (!serving.includes(target)) {
        yield { source: 'iscsiTargets', what: `target ${target.id} is ${target.name}` };
      }
    }
  }

  *#straySubsystems(dataset: Dataset): Iterable<Stray> {
    const { nvmetSubsystemId: subsystemId, nvmetNamespaceId: namespaceId } = dataset.properties;
    const namespace =
      namespaceId === null ? undefined : this.#namespaces().get(Number(namespaceId));
    if (
      namespace !== undefined &&
      !isAt(zvolPathOf(namespace.devicePath), dataset) &&
      !isOwnNvmetName(namespace.subsystem, dataset)
    ) {
      const what = `namespace ${namespace.id} exports ${namespace.devicePath}`;
      yield { source: 'nvmetNamespaces', what };
    }
    const subsystem =
      subsystemId === null ? undefined : this.#subsystems().get(Number(subsystemId));
    if (subsystem !== undefined && !isOwnNvmetName(subsystem.name, dataset)) {
      const serving = this.#exports.namespacesOf(dataset);
      if (!serving.some((each) => each.namespace.subsystemId === subsystem.id)) {
        yield { source: 'nvmetSubsystems', what: `subsystem ${subsystem.id} is ${subsystem.name}` };
      }
    }
  }
}
