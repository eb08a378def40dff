import { lazy } from '../model/lazy.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type SmbShare,
} from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { csiTargetName } from './csi-names.ts';
import { ExportsInside } from './exports-inside.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type NvmetIndex, type ServedNamespace } from './nvmet.ts';
import {
  mountPathOf,
  snapshotAt,
  snapshotOnDevice,
  SnapshotUse,
  type SnapshotPath,
} from './snapshot-use.ts';
import { parentPath, targetKey, zvolPathOf } from './paths.ts';

/** From a target's name to the zvols it serves. */
export interface TargetIndex {
  /** Systems that were read, by name. */
  readonly systems: readonly string[];
  /** @param name full IQN, or the name without the base */
  datasetsOf(name: string): readonly Dataset[];
  /** Zvols behind an NVMe-oF subsystem. */
  datasetsBehind(nqn: string): readonly Dataset[];
}

/** An extent and the targets it is mapped to. */
export interface MappedExtent {
  readonly extent: IscsiExtent;
  readonly targets: readonly IscsiTarget[];
}

/** What exports a dataset. Joined by path, never by a recorded database id: those are used again. */
export interface ExportIndex {
  nfsSharesOf(dataset: Dataset): readonly NfsShare[];
  smbSharesOf(dataset: Dataset): readonly SmbShare[];
  /** SMB shares of datasets above: whoever mounts one walks into all that is mounted below. An NFS client does not. */
  smbSharesAbove(dataset: Dataset): readonly SmbShare[];
  extentsOf(dataset: Dataset): readonly MappedExtent[];
  namespacesOf(dataset: Dataset): readonly ServedNamespace[];
  /** Whether csi.truenas.io exports it: it marks what it makes nowhere else. */
  isExportedByCsi(dataset: Dataset): boolean;
  /** What exports a snapshot of the dataset, or something in it, in words. */
  exportsOfSnapshot(dataset: Dataset, snapshot: string): readonly string[];
  /** What exports a directory or file inside the dataset, or a dataset below it, in words. */
  exportsInside(dataset: Dataset): readonly string[];
}

/** The iSCSI objects of all systems. */
export interface IscsiLists {
  readonly targets: readonly IscsiTarget[];
  readonly extents: readonly IscsiExtent[];
  readonly targetExtents: readonly IscsiTargetExtent[];
}

/** The extents that the targets of each name serve, by what two spellings of the name share. */
function indexServed({ targets, extents, targetExtents }: IscsiLists): Map<string, IscsiExtent[]> {
  const keys = new BySystem<string, number>();
  for (const { system, id, name } of targets) keys.set(system, id, targetKey(name));
  const byId = new BySystem<IscsiExtent, number>();
  for (const extent of extents) byId.set(extent.system, extent.id, extent);
  const served = new Map<string, IscsiExtent[]>();
  for (const { system, target, extent: id } of targetExtents) {
    const key = keys.get(system, target);
    const extent = byId.get(system, id);
    if (key === undefined || extent === undefined) continue;
    const list = served.get(key);
    if (list === undefined) served.set(key, [extent]);
    else list.push(extent);
  }
  return served;
}

/** Finds the zvols behind a target, on whichever system has a target of that name. */
export function indexTargets(
  systems: readonly string[],
  lists: IscsiLists,
  nvmet: NvmetIndex,
  index: DatasetIndex,
): TargetIndex {
  const served = lazy(() => indexServed(lists));
  const behind = (system: string, devicePath: string): readonly Dataset[] => {
    const path = zvolPathOf(devicePath);
    // A snapshot may be exported as well, and who uses it uses its volume.
    const dataset =
      path === undefined ? undefined : index.find(system, path.split('@', 1)[0] ?? path);
    return dataset === undefined ? [] : [dataset];
  };
  return {
    systems,
    datasetsOf: (name) =>
      (served().get(targetKey(name)) ?? []).flatMap(({ system, path }) => behind(system, path)),
    datasetsBehind: (nqn) =>
      nvmet.namespacesBehind(nqn).flatMap(({ system, devicePath }) => behind(system, devicePath)),
  };
}

/** The extents of each zvol, with the targets that serve them. */
function indexMapped({ targets, extents, targetExtents }: IscsiLists): BySystem<MappedExtent[]> {
  const byId = new BySystem<IscsiTarget, number>();
  for (const target of targets) byId.set(target.system, target.id, target);
  const byExtent = new BySystem<IscsiTarget[], number>();
  for (const { system, extent, target: id } of targetExtents) {
    const target = byId.get(system, id);
    if (target !== undefined) byExtent.of(system, extent, () => []).push(target);
  }
  const byZvol = new BySystem<MappedExtent[]>();
  for (const extent of extents) {
    const { system, path, id } = extent;
    const zvol = zvolPathOf(path);
    if (zvol === undefined) continue;
    const mapped = { extent, targets: byExtent.get(system, id) ?? UNMAPPED };
    byZvol.of(system, zvol, () => []).push(mapped);
  }
  return byZvol;
}

const UNMAPPED: readonly IscsiTarget[] = [];

/** Texts csi.truenas.io writes on what exports a volume, by the dataset's path. */
function isCsiComment(comment: string, path: string): boolean {
  return comment === `CSI volume ${path}` || comment === `CSI volume clone ${path}`;
}

function groupByPath<T extends { readonly system: string }>(
  items: readonly T[],
  pathOf: (item: T) => string | undefined,
): BySystem<T[]> {
  const groups = new BySystem<T[]>();
  for (const item of items) {
    const path = pathOf(item);
    if (path !== undefined) groups.of(item.system, path, () => []).push(item);
  }
  return groups;
}

/** Snapshots that are exported themselves. */
function indexSnapshots(
  nfs: readonly NfsShare[],
  smb: readonly SmbShare[],
  extents: readonly IscsiExtent[],
  namespaces: readonly NvmetNamespace[],
): SnapshotUse {
  const use = new SnapshotUse();
  const add = (system: string, place: SnapshotPath | undefined, what: string): void => {
    if (place !== undefined) use.add(system, place, what);
  };
  for (const { system, path, id } of nfs) add(system, snapshotAt(path), `NFS share ${id}`);
  for (const { system, path, name } of smb) add(system, snapshotAt(path), `SMB share ${name}`);
  for (const { system, path, name } of extents) {
    add(system, snapshotOnDevice(path), `extent ${name}`);
  }
  for (const { system, devicePath, subsystem } of namespaces) {
    add(system, snapshotOnDevice(devicePath), `NVMe-oF subsystem ${subsystem}`);
  }
  return use;
}

/** Joins shares and extents with the datasets they export. */
export function indexExports(
  nfs: readonly NfsShare[],
  smb: readonly SmbShare[],
  iscsi: IscsiLists,
  nvmet: NvmetIndex,
): ExportIndex {
  const nfsByPath = groupByPath(nfs, ({ path }) => path);
  const smbByPath = groupByPath(smb, ({ path }) => path);
  const extentsByZvol = lazy(() => indexMapped(iscsi));
  const snapshots = lazy(() => indexSnapshots(nfs, smb, iscsi.extents, nvmet.namespaces));
  const inside = lazy(() => new ExportsInside(nfs, smb, iscsi.extents, nvmet.namespaces));
  const nfsSharesOf = (dataset: Dataset): readonly NfsShare[] =>
    nfsByPath.get(dataset.system, mountPathOf(dataset)) ?? [];
  const extentsOf = ({ system, id }: Dataset): readonly MappedExtent[] =>
    extentsByZvol().get(system, id) ?? [];
  return {
    nfsSharesOf,
    smbSharesOf: (dataset) => smbByPath.get(dataset.system, mountPathOf(dataset)) ?? [],
    smbSharesAbove: (dataset) => {
      const shares: SmbShare[] = [];
      if (smb.length === 0 || dataset.kind === 'volume') return shares;
      for (let path = parentPath(mountPathOf(dataset)); path !== ''; path = parentPath(path)) {
        shares.push(...(smbByPath.get(dataset.system, path) ?? []));
      }
      return shares;
    },
    extentsOf,
    namespacesOf: ({ system, id }) => nvmet.namespacesOf(system, id),
    isExportedByCsi: (dataset) =>
      nfsSharesOf(dataset).some(({ comment }) => isCsiComment(comment, dataset.id)) ||
      extentsOf(dataset)
        .flatMap(({ targets: served }) => served)
        .some(({ name }) => name.toLowerCase() === csiTargetName(dataset.id)),
    exportsOfSnapshot: (dataset, snapshot) =>
      snapshots().of(dataset.system, mountPathOf(dataset), snapshot),
    exportsInside: (dataset) => inside().below(dataset.system, mountPathOf(dataset)),
  };
}
