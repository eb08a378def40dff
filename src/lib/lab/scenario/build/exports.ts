import { type Nas } from './stage.ts';

/** Database ids of what was made, in the driver's property names. */
export type ExportIds = Record<string, string>;

export interface ShareOptions {
  readonly comment?: string;
  readonly enabled?: boolean;
}

export function addNfsShare(nas: Nas, path: string, options: ShareOptions = {}): number {
  const id = (nas.ids.nfs += 1);
  nas.system.nfsShares.push({
    id,
    path,
    comment: options.comment ?? '',
    enabled: options.enabled ?? true,
  });
  return id;
}

export function addSmbShare(
  nas: Nas,
  name: string,
  path: string,
  options: ShareOptions = {},
): number {
  const id = (nas.ids.smb += 1);
  const { comment = '', enabled = true } = options;
  nas.system.smbShares.push({ id, name, path, comment, enabled });
  return id;
}

export function addTarget(nas: Nas, name: string, alias?: string): number {
  const id = (nas.ids.target += 1);
  const group = { portal: 1, initiator: 1, authmethod: 'NONE', auth: null };
  const known = alias === undefined ? {} : { alias };
  nas.system.iscsiTargets.push({ id, name, ...known, groups: [group] });
  return id;
}

export interface ExtentOptions {
  readonly type?: 'DISK' | 'FILE';
  readonly comment?: string;
}

export function addExtent(
  nas: Nas,
  name: string,
  path: string,
  options: ExtentOptions = {},
): number {
  const id = (nas.ids.extent += 1);
  const { type = 'DISK', comment = '' } = options;
  nas.system.iscsiExtents.push({ id, name, type, path, comment, enabled: true });
  return id;
}

export function addMapping(nas: Nas, target: number, extent: number): number {
  const id = (nas.ids.mapping += 1);
  nas.system.iscsiTargetExtents.push({ id, target, extent, lunid: 0 });
  return id;
}

/** Target, extent and mapping of one disk that is not a driver's: a VM's, a workstation's. */
export function addIscsiDisk(
  nas: Nas,
  name: string,
  path: string,
  options: ExtentOptions = {},
): void {
  addMapping(nas, addTarget(nas, name), addExtent(nas, name, path, options));
}

/** @param subnqn made up from the name where TrueNAS makes it up */
export function addSubsystem(nas: Nas, name: string, subnqn = nqnOf(name)): number {
  const id = (nas.ids.subsystem += 1);
  nas.system.nvmetSubsystems.push({ id, name, subnqn });
  return id;
}

/** Name of a subsystem as TrueNAS makes it up. */
export function nqnOf(name: string): string {
  return `nqn.2011-06.com.truenas:uuid:00000000-0000-4000-8000-000000000000:${name}`;
}

export function addNvmetNamespace(nas: Nas, subsystem: number, devicePath: string): number {
  const id = (nas.ids.namespace += 1);
  nas.system.nvmetNamespaces.push({ id, nsid: 1, subsystem, devicePath, enabled: true });
  return id;
}

/** The path of a zvol in an extent or a namespace: TrueNAS writes a space as `+`. */
export function zvolPath(dataset: string): string {
  return `zvol/${dataset.replaceAll(' ', '+')}`;
}
