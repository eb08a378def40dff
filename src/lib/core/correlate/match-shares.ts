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
import { type DatasetIndex } from './dataset-index.ts';
import { type NvmetIndex, type ServedNamespace } from './nvmet.ts';
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
  extentsOf(dataset: Dataset): readonly MappedExtent[];
  namespacesOf(dataset: Dataset): readonly ServedNamespace[];
  /** Whether csi.truenas.io exports it: it marks what it makes nowhere else. */
  isExportedByCsi(dataset: Dataset): boolean;
  /** What exports a directory or file inside the dataset, or a dataset below it, in words. */
  exportsInside(dataset: Dataset): readonly string[];
}

/** The iSCSI objects of all systems. */
export interface IscsiLists {
  readonly targets: readonly IscsiTarget[];
  readonly extents: readonly IscsiExtent[];
  readonly targetExtents: readonly IscsiTargetExtent[];
}

function group<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [item]);
    else list.push(item);
  }
  return groups;
}

const idKey = (item: { readonly system: string }, id: number): string => `${item.system} ${id}`;

/** Finds the zvols behind a target, on whichever system has a target of that name. */
export function indexTargets(
  systems: readonly string[],
  lists: IscsiLists,
  nvmet: NvmetIndex,
  index: DatasetIndex,
): TargetIndex {
  const targets = group(lists.targets, (target) => targetKey(target.name));
  const extents = new Map(lists.extents.map((extent) => [idKey(extent, extent.id), extent]));
  const mappings = group(lists.targetExtents, (mapping) => idKey(mapping, mapping.target));
  return {
    systems,
    datasetsOf: (name) =>
      (targets.get(targetKey(name)) ?? [])
        .flatMap((target) => mappings.get(idKey(target, target.id)) ?? [])
        .flatMap((mapping) => {
          const path = zvolPathOf(extents.get(idKey(mapping, mapping.extent))?.path ?? '');
          return path === undefined ? [] : (index.find(mapping.system, path) ?? []);
        }),
    datasetsBehind: (nqn) =>
      nvmet.namespacesBehind(nqn).flatMap(({ system, devicePath }) => {
        const path = zvolPathOf(devicePath);
        return path === undefined ? [] : (index.find(system, path) ?? []);
      }),
  };
}

/** Texts csi.truenas.io writes on what exports a volume, by the dataset's path. */
function isCsiComment(comment: string, path: string): boolean {
  return comment === `CSI volume ${path}` || comment === `CSI volume clone ${path}`;
}

function csiTargetName(path: string): string {
  return `csi-${path.replaceAll('/', '-')}`.slice(0, 120).toLowerCase();
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

/** Everything that is exported, under each mount path strictly above it. A zvol counts as if it were mounted. */
function indexInside(
  nfs: readonly NfsShare[],
  smb: readonly SmbShare[],
  extents: readonly IscsiExtent[],
  namespaces: readonly NvmetNamespace[],
): BySystem<string[]> {
  const inside = new BySystem<string[]>();
  const add = (system: string, path: string, what: string): void => {
    for (let above = parentPath(path); above !== ''; above = parentPath(above)) {
      inside.of(system, above, () => []).push(what);
    }
  };
  for (const { system, path, id } of nfs) add(system, path, `NFS share ${id} of ${path}`);
  for (const { system, path, name } of smb) add(system, path, `SMB share ${name} of ${path}`);
  const mounted = (path: string): string => {
    const zvol = zvolPathOf(path);
    return zvol === undefined ? path : `/mnt/${zvol}`;
  };
  for (const { system, path, name } of extents) add(system, mounted(path), `extent ${name}`);
  for (const { system, devicePath, subsystem } of namespaces) {
    add(system, mounted(devicePath), `NVMe-oF subsystem ${subsystem}`);
  }
  return inside;
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
  const extentsByZvol = groupByPath(iscsi.extents, ({ path }) => zvolPathOf(path));
  const targets = new Map(iscsi.targets.map((target) => [idKey(target, target.id), target]));
  const mappings = group(iscsi.targetExtents, (mapping) => idKey(mapping, mapping.extent));
  const mountOf = ({ mountpoint, id }: Dataset): string => mountpoint ?? `/mnt/${id}`;
  const inside = lazy(() => indexInside(nfs, smb, iscsi.extents, nvmet.namespaces));
  const nfsSharesOf = (dataset: Dataset): readonly NfsShare[] =>
    nfsByPath.get(dataset.system, mountOf(dataset)) ?? [];
  const extentsOf = (dataset: Dataset): readonly MappedExtent[] =>
    (extentsByZvol.get(dataset.system, dataset.id) ?? []).map((extent) => ({
      extent,
      targets: (mappings.get(idKey(extent, extent.id)) ?? []).flatMap(
        (mapping) => targets.get(idKey(mapping, mapping.target)) ?? [],
      ),
    }));
  return {
    nfsSharesOf,
    smbSharesOf: (dataset) => smbByPath.get(dataset.system, mountOf(dataset)) ?? [],
    extentsOf,
    namespacesOf: ({ system, id }) => nvmet.namespacesOf(system, id),
    isExportedByCsi: (dataset) =>
      nfsSharesOf(dataset).some(({ comment }) => isCsiComment(comment, dataset.id)) ||
      extentsOf(dataset)
        .flatMap(({ targets: served }) => served)
        .some(({ name }) => name.toLowerCase() === csiTargetName(dataset.id)),
    exportsInside: (dataset) => inside().get(dataset.system, mountOf(dataset)) ?? [],
  };
}
