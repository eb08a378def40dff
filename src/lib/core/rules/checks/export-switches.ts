import { datasetsById } from '../../correlate/listed-by.ts';
import { type Protocol } from '../../correlate/protocol.ts';
import { zvolPathOf } from '../../correlate/paths.ts';
import { type Listing } from '../../model/coverage.ts';
import { type SystemSource } from '../../model/inventory.ts';
import { lazy } from '../../model/lazy.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import {
  refToExtent,
  refToNamespace,
  refToNfsShare,
  refToSmbShare,
  refToSubsystem,
  refToTarget,
} from '../../model/subjects.ts';
import {
  type Dataset,
  type IscsiExtent,
  type IscsiTarget,
  type IscsiTargetExtent,
  type NfsShare,
  type NvmetNamespace,
  type NvmetSubsystem,
  type SmbShare,
} from '../../model/truenas.ts';

/** Something between a dataset and its clients that can be switched off, or left without a way in. */
export interface ExportSwitch {
  readonly subject: ResourceRef;
  readonly source: SystemSource;
  readonly protocol: Protocol;
  readonly on: boolean;
  /** What it is like, as the end of a sentence. */
  readonly state: string;
  /** Datasets that nobody reaches while it is off. */
  readonly datasets: () => readonly Dataset[];
  /** How to switch it on. */
  readonly step: string;
}

/** The lists switches are read from. */
export interface SwitchLists {
  readonly datasets: readonly Dataset[];
  readonly nfsShares: readonly NfsShare[];
  readonly smbShares: Listing<SmbShare>;
  readonly iscsiExtents: readonly IscsiExtent[];
  readonly iscsiTargets: readonly IscsiTarget[];
  readonly iscsiTargetExtents: readonly IscsiTargetExtent[];
  readonly nvmetNamespaces: Listing<NvmetNamespace>;
  readonly nvmetSubsystems: Listing<NvmetSubsystem>;
}

/** Datasets of one system, by what shares and devices name them with. */
class Exported {
  readonly #byMount: () => ReadonlyMap<string, readonly Dataset[]>;
  readonly #datasets: readonly Dataset[];

  constructor(datasets: readonly Dataset[]) {
    this.#byMount = lazy(() => Map.groupBy(datasets, ({ mountpoint }) => mountpoint ?? ''));
    this.#datasets = datasets;
  }

  at(mountPath: string): readonly Dataset[] {
    return this.#byMount().get(mountPath) ?? [];
  }

  behind(devicePaths: readonly (string | undefined)[]): readonly Dataset[] {
    return devicePaths.flatMap((devicePath) => {
      const path = devicePath === undefined ? undefined : zvolPathOf(devicePath);
      return path === undefined ? [] : (datasetsById(this.#datasets).get(path) ?? []);
    });
  }
}

type Wanted = (on: boolean) => boolean;

function* shares(lists: SwitchLists, exported: Exported, wanted: Wanted): Iterable<ExportSwitch> {
  for (const share of lists.nfsShares) {
    if (!wanted(share.enabled)) continue;
    yield {
      subject: refToNfsShare(share),
      source: 'nfsShares',
      protocol: 'nfs',
      on: share.enabled,
      state: `share ${share.id} is ${share.enabled ? 'enabled' : 'disabled'}`,
      datasets: () => exported.at(share.path),
      step: `Enable NFS share ${share.id} of ${share.path}.`,
    };
  }
  for (const share of lists.smbShares.items) {
    if (!wanted(share.enabled)) continue;
    yield {
      subject: refToSmbShare(share),
      source: 'smbShares',
      protocol: 'smb',
      on: share.enabled,
      state: `share ${share.name} is ${share.enabled ? 'enabled' : 'disabled'}`,
      datasets: () => exported.at(share.path),
      step: `Enable SMB share ${share.name}.`,
    };
  }
}

function* iscsi(lists: SwitchLists, exported: Exported, wanted: Wanted): Iterable<ExportSwitch> {
  for (const extent of lists.iscsiExtents) {
    if (!wanted(extent.enabled)) continue;
    yield {
      subject: refToExtent(extent),
      source: 'iscsiExtents',
      protocol: 'iscsi',
      on: extent.enabled,
      state: `extent ${extent.name} is ${extent.enabled ? 'enabled' : 'disabled'}`,
      datasets: () => exported.behind([extent.path]),
      step: `Enable extent ${extent.name}.`,
    };
  }
  const extents = lazy(() => new Map(lists.iscsiExtents.map(({ id, path }) => [id, path])));
  const mappings = lazy(() => Map.groupBy(lists.iscsiTargetExtents, ({ target }) => target));
  for (const target of lists.iscsiTargets) {
    const on = target.groups.length > 0;
    if (!wanted(on)) continue;
    yield {
      subject: refToTarget(target),
      source: 'iscsiTargets',
      protocol: 'iscsi',
      on,
      state: `target ${target.name} has ${on ? 'a group' : 'no group of portal and initiators'}`,
      datasets: () =>
        exported.behind(
          (mappings().get(target.id) ?? []).map(({ extent }) => extents().get(extent)),
        ),
      step: `Give target ${target.name} the portal and the initiator group of its neighbours.`,
    };
  }
}

function* nvmet(lists: SwitchLists, exported: Exported, wanted: Wanted): Iterable<ExportSwitch> {
  const { nvmetNamespaces, nvmetSubsystems } = lists;
  for (const namespace of nvmetNamespaces.items) {
    if (!wanted(namespace.enabled)) continue;
    const name = `namespace ${namespace.id} of subsystem ${namespace.subsystem}`;
    yield {
      subject: refToNamespace(namespace),
      source: 'nvmetNamespaces',
      protocol: 'nvmeof',
      on: namespace.enabled,
      state: `${name} is ${namespace.enabled ? 'enabled' : 'disabled'}`,
      datasets: () => exported.behind([namespace.devicePath]),
      step: `Enable ${name}.`,
    };
  }
  const served = lazy(() => Map.groupBy(nvmetNamespaces.items, ({ subsystemId }) => subsystemId));
  for (const subsystem of nvmetSubsystems.items) {
    const on = subsystem.ports.length > 0;
    if (!wanted(on)) continue;
    yield {
      subject: refToSubsystem(subsystem),
      source: 'nvmetSubsystems',
      protocol: 'nvmeof',
      on,
      state: `subsystem ${subsystem.name} is attached to ${on ? 'a port' : 'no port'}`,
      datasets: () =>
        exported.behind((served().get(subsystem.id) ?? []).map(({ devicePath }) => devicePath)),
      step: `Attach subsystem ${subsystem.name} to the ports of its neighbours.`,
    };
  }
}

/** @param offOnly passes over what is on, before anything is made of it */
export function* switchesOf(lists: SwitchLists, offOnly: boolean): Iterable<ExportSwitch> {
  const exported = new Exported(lists.datasets);
  const wanted: Wanted = (on) => !offOnly || !on;
  yield* shares(lists, exported, wanted);
  yield* iscsi(lists, exported, wanted);
  yield* nvmet(lists, exported, wanted);
}
