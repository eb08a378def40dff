import { lazy } from '../model/lazy.ts';
import {
  type Dataset,
  type IscsiExtent,
  type NfsShare,
  type NvmetNamespace,
  type SmbShare,
} from '../model/truenas.ts';
import { ListsBySystem } from './by-system.ts';
import { csiTargetName } from './csi-names.ts';
import { ExportsInside } from './exports-inside.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type IscsiIndex, type MappedExtent } from './iscsi.ts';
import { append } from './listed-by.ts';
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

/** The zvol at a path. A snapshot may be exported as well, and who uses it uses its volume. */
function zvolAt(index: DatasetIndex, system: string, path: string): Dataset | undefined {
  const at = path.indexOf('@');
  return index.find(system, at < 0 ? path : path.slice(0, at));
}

const NO_DATASETS: readonly Dataset[] = [];

/** Finds the zvols behind a target, on whichever system has a target of that name. */
export function indexTargets(
  systems: readonly string[],
  iscsi: IscsiIndex,
  nvmet: NvmetIndex,
  index: DatasetIndex,
): TargetIndex {
  const byTarget = lazy(() => {
    const served = new Map<string, Dataset[]>();
    for (const { key, system, path } of iscsi.served()) {
      const dataset = zvolAt(index, system, path);
      if (dataset !== undefined) append(served, key, dataset);
    }
    return served;
  });
  return {
    systems,
    datasetsOf: (name) => byTarget().get(targetKey(name)) ?? NO_DATASETS,
    datasetsBehind: (nqn) =>
      nvmet.namespacesBehind(nqn).flatMap(({ system, devicePath }) => {
        const path = zvolPathOf(devicePath);
        return path === undefined ? [] : (zvolAt(index, system, path) ?? []);
      }),
  };
}

/** Texts csi.truenas.io writes on what exports a volume, by the dataset's path. */
function isCsiComment(comment: string, path: string): boolean {
  return comment === `CSI volume ${path}` || comment === `CSI volume clone ${path}`;
}

function groupByPath<T extends { readonly system: string; readonly path: string }>(
  items: readonly T[],
): ListsBySystem<T> {
  const groups = new ListsBySystem<T>();
  for (const item of items) groups.add(item.system, item.path, item);
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
  iscsi: IscsiIndex,
  nvmet: NvmetIndex,
): ExportIndex {
  const nfsByPath = groupByPath(nfs);
  const smbByPath = groupByPath(smb);
  const snapshots = lazy(() => indexSnapshots(nfs, smb, iscsi.extents, nvmet.namespaces));
  const inside = lazy(() => new ExportsInside(nfs, smb, iscsi.extents, nvmet.namespaces));
  const nfsSharesOf = (dataset: Dataset): readonly NfsShare[] =>
    nfsByPath.get(dataset.system, mountPathOf(dataset));
  const extentsOf = ({ system, id }: Dataset): readonly MappedExtent[] =>
    iscsi.extentsOf(system, id);
  return {
    nfsSharesOf,
    smbSharesOf: (dataset) => smbByPath.get(dataset.system, mountPathOf(dataset)),
    smbSharesAbove: (dataset) => {
      const shares: SmbShare[] = [];
      if (smb.length === 0 || dataset.kind === 'volume') return shares;
      for (let path = parentPath(mountPathOf(dataset)); path !== ''; path = parentPath(path)) {
        shares.push(...smbByPath.get(dataset.system, path));
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
