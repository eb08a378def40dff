import { type Deployment } from './deployment.ts';
import { type Nas } from './stage.ts';

/** What of a volume's iSCSI export exists on the NAS. */
export interface ExportParts {
  readonly target: boolean;
  readonly extent: boolean;
  readonly mapping: boolean;
}

/** Database ids of what was made, in the driver's property names. */
export type ExportIds = Record<string, string>;

export interface NfsShareOptions {
  readonly comment?: string;
  readonly enabled?: boolean;
}

export function addNfsShare(nas: Nas, path: string, options: NfsShareOptions = {}): number {
  const id = (nas.ids.nfs += 1);
  nas.system.nfsShares.push({
    id,
    path,
    comment: options.comment ?? '',
    enabled: options.enabled ?? true,
  });
  return id;
}

export function addSmbShare(nas: Nas, name: string, path: string): number {
  const id = (nas.ids.smb += 1);
  nas.system.smbShares.push({ id, name, path, comment: '', enabled: true });
  return id;
}

export function addTarget(nas: Nas, name: string): number {
  const id = (nas.ids.target += 1);
  const group = { portal: 1, initiator: 1, authmethod: 'NONE', auth: null };
  nas.system.iscsiTargets.push({ id, name, groups: [group] });
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

/** The path of a zvol in an extent: TrueNAS writes a space as `+`. */
export function zvolPath(dataset: string): string {
  return `zvol/${dataset.replaceAll(' ', '+')}`;
}

export function shareComment(deployment: Deployment, dataset: string): string {
  return `democratic-csi (${deployment.driver}): ${dataset}`;
}

/** The NFS share of a volume. Its id is taken even where the share itself has gone again. */
export function exportNfs(deployment: Deployment, dataset: string, exists: boolean): ExportIds {
  const { nas } = deployment;
  const comment = shareComment(deployment, dataset);
  const id = exists ? addNfsShare(nas, `/mnt/${dataset}`, { comment }) : (nas.ids.nfs += 1);
  return { freenas_nfs_share_id: String(id) };
}

/** Target, extent and mapping of a volume; the ids of what has gone again are taken likewise. */
export function exportIscsi(
  deployment: Deployment,
  dataset: string,
  assets: string,
  exists: ExportParts,
): ExportIds {
  const { nas } = deployment;
  const target = exists.target ? addTarget(nas, assets) : (nas.ids.target += 1);
  const extent = exists.extent ? addExtent(nas, assets, zvolPath(dataset)) : (nas.ids.extent += 1);
  const mapping = exists.mapping ? addMapping(nas, target, extent) : (nas.ids.mapping += 1);
  return {
    freenas_iscsi_target_id: String(target),
    freenas_iscsi_extent_id: String(extent),
    freenas_iscsi_targettoextent_id: String(mapping),
    freenas_iscsi_assets_name: assets,
  };
}
