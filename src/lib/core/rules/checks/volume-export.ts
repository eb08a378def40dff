import { type Protocol } from '../../correlate/protocol.ts';
import { type MappedExtent } from '../../correlate/iscsi.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { isNqnOf } from '../../correlate/nvmet.ts';
import { targetKey } from '../../correlate/paths.ts';
import { smbShareOf, subsystemNameOf, targetNamesOf } from '../../correlate/volume-handle.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Dataset, type IscsiTarget } from '../../model/truenas.ts';

/** Whether what a volume's attributes name exports its dataset. */
export interface ExportState {
  readonly missing: boolean;
  readonly detail: () => string;
}

const missing = (detail: () => string): ExportState => ({ missing: true, detail });
const there = (detail: () => string): ExportState => ({ missing: false, detail });

function nfs(_pv: PersistentVolume, dataset: Dataset, exports: ExportIndex): ExportState {
  const [share] = exports.nfsSharesOf(dataset);
  return share === undefined
    ? missing(() => `no NFS share exports ${dataset.mountpoint ?? dataset.id}`)
    : there(() => `NFS share ${share.id}`);
}

function smb(pv: PersistentVolume, dataset: Dataset, exports: ExportIndex): ExportState {
  const shares = exports.smbSharesOf(dataset).map(({ name }) => name);
  if (shares.length === 0) {
    return missing(() => `no SMB share exports ${dataset.mountpoint ?? dataset.id}`);
  }
  const wanted = smbShareOf(pv.source);
  const served =
    wanted === undefined || shares.some((name) => name.toLowerCase() === wanted.toLowerCase());
  return served
    ? there(() => `SMB share ${shares.join(', ')}`)
    : missing(
        () =>
          `its SMB share ${wanted} does not export ${dataset.mountpoint ?? dataset.id}, ${shares.join(', ')} does`,
      );
}

/** Whether a target has one of the names a volume gives: behind the authority of an IQN, or in another case. */
function isNamed(target: string, wanted: readonly string[]): boolean {
  return wanted.some((name) => {
    // Nearly every IQN ends in the target as it is written, and comparing costs less than taking both apart.
    const start = name.length - target.length;
    if (name.endsWith(target) && name.indexOf(':') === start - 1) return true;
    return targetKey(name) === targetKey(target);
  });
}

/** Nearly every zvol has one extent. */
function targetsOf(extents: readonly MappedExtent[]): readonly IscsiTarget[] {
  const [extent] = extents;
  return extents.length === 1 && extent !== undefined
    ? extent.targets
    : extents.flatMap(({ targets }) => targets);
}

function iscsi(pv: PersistentVolume, dataset: Dataset, exports: ExportIndex): ExportState {
  const extents = exports.extentsOf(dataset);
  const [extent] = extents;
  if (extent === undefined) return missing(() => `no extent exports zvol ${dataset.id}`);
  const targets = targetsOf(extents);
  if (targets.length === 0) {
    return missing(() => `extent ${extent.extent.name} is mapped to no target`);
  }
  const names = (): string => targets.map(({ name }) => targetKey(name)).join(', ');
  const wanted = targetNamesOf(pv.source);
  return wanted.length === 0 || targets.some(({ name }) => isNamed(name, wanted))
    ? there(() => `target ${names()}`)
    : missing(
        () =>
          `its target ${wanted.map(targetKey).join(', ')} does not serve zvol ${dataset.id}, ${names()} does`,
      );
}

function nvmeof(pv: PersistentVolume, dataset: Dataset, exports: ExportIndex): ExportState {
  const served = exports.namespacesOf(dataset);
  if (served.length === 0) return missing(() => `no NVMe-oF namespace exports zvol ${dataset.id}`);
  const names = served.map(({ namespace }) => namespace.subsystem);
  const wanted = subsystemNameOf(pv.source);
  const reached =
    wanted === undefined ||
    served.some(({ namespace, subsystem }) =>
      isNqnOf(subsystem ?? { name: namespace.subsystem, nqn: null }, wanted),
    );
  return reached
    ? there(() => `subsystem ${names.join(', ')}`)
    : missing(
        () => `its subsystem ${wanted} does not serve zvol ${dataset.id}, ${names.join(', ')} does`,
      );
}

const EXPORTS = { nfs, smb, iscsi, nvmeof } as const satisfies Record<Protocol, unknown>;

/** Looks for what a volume is mounted from, by the path of its dataset and the name the volume gives. */
export function exportOf(
  protocol: Protocol,
  pv: PersistentVolume,
  dataset: Dataset,
  exports: ExportIndex,
): ExportState {
  return EXPORTS[protocol](pv, dataset, exports);
}

/** Whether some export that is switched on reaches a volume, under the name the volume gives. */
export function isReachable(
  protocol: Protocol,
  pv: PersistentVolume,
  dataset: Dataset,
  exports: ExportIndex,
): boolean {
  return REACHES[protocol](pv, dataset, exports);
}

const REACHES = {
  nfs: (_pv, dataset, exports) => exports.nfsSharesOf(dataset).some(({ enabled }) => enabled),
  smb: ({ source }, dataset, exports) => {
    const wanted = smbShareOf(source)?.toLowerCase();
    return exports
      .smbSharesOf(dataset)
      .some(
        ({ name, enabled }) => enabled && (wanted === undefined || name.toLowerCase() === wanted),
      );
  },
  iscsi: ({ source }, dataset, exports) => {
    const wanted = targetNamesOf(source);
    return exports
      .extentsOf(dataset)
      .flatMap(({ extent, targets }) => (extent.enabled ? targets : []))
      .some(
        ({ name, groups }) => groups.length > 0 && (wanted.length === 0 || isNamed(name, wanted)),
      );
  },
  nvmeof: ({ source }, dataset, exports) => {
    const wanted = subsystemNameOf(source);
    return exports
      .namespacesOf(dataset)
      .some(
        ({ namespace, subsystem }) =>
          namespace.enabled &&
          subsystem !== undefined &&
          subsystem.ports.length > 0 &&
          (wanted === undefined || isNqnOf(subsystem, wanted)),
      );
  },
} as const satisfies Record<
  Protocol,
  (pv: PersistentVolume, dataset: Dataset, exports: ExportIndex) => boolean
>;
