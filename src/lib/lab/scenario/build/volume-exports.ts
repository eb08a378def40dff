import { type Deployment } from './deployment.ts';
import {
  addExtent,
  addMapping,
  addNfsShare,
  addNvmetNamespace,
  addSmbShare,
  addSubsystem,
  addTarget,
  nqnOf,
  zvolPath,
  type ExportIds,
} from './exports.ts';
import { type Gone, type Stop } from './volume-options.ts';

/** A volume that is to be exported, and how far that came. */
export interface VolumeExport {
  readonly dataset: string;
  readonly assets: string;
  readonly stopsAt: Stop | undefined;
  readonly gone: ReadonlySet<Gone>;
}

/** Makes the exports that provisioning came to, and gives the properties that remember them, without their prefix. */
export function exportVolume(deployment: Deployment, volume: VolumeExport): ExportIds {
  if (volume.stopsAt === 'share') return {};
  // These drivers export by other means than TrueNAS's own, and it knows nothing of that.
  if (isGeneric(deployment)) return genericIds(deployment, volume);
  switch (deployment.protocol) {
    case 'nfs':
      return exportNfs(deployment, volume);
    case 'smb':
      return exportSmb(deployment, volume);
    case 'iscsi':
      return exportIscsi(deployment, volume);
    case 'nvmeof':
      return exportNvmeof(deployment, volume);
  }
}

function isGeneric({ kind }: Deployment): boolean {
  return kind.startsWith('zfs-generic');
}

function genericIds({ protocol }: Deployment, { assets }: VolumeExport): ExportIds {
  if (protocol === 'iscsi') return { iscsi_assets_name: assets };
  return protocol === 'nvmeof' ? { nvmeof_assets_name: assets } : {};
}

/** The id is taken even where the share itself has gone again. */
function exportNfs({ nas, driver }: Deployment, { dataset, gone }: VolumeExport): ExportIds {
  const comment = `democratic-csi (${driver}): ${dataset}`;
  const exists = !gone.has('share');
  const id = exists ? addNfsShare(nas, `/mnt/${dataset}`, { comment }) : (nas.ids.nfs += 1);
  return { freenas_nfs_share_id: String(id) };
}

function exportSmb({ nas }: Deployment, { dataset, assets, gone }: VolumeExport): ExportIds {
  const exists = !gone.has('share');
  const id = exists ? addSmbShare(nas, assets, `/mnt/${dataset}`) : (nas.ids.smb += 1);
  return { freenas_smb_share_id: String(id) };
}

/** Target, extent and mapping; the ids of what has gone again are taken likewise. */
function exportIscsi({ nas }: Deployment, volume: VolumeExport): ExportIds {
  const { dataset, assets, stopsAt, gone } = volume;
  const exists = (part: Gone): boolean => !gone.has('share') && !gone.has(part);
  const target = exists('target') ? addTarget(nas, assets) : (nas.ids.target += 1);
  const ids = { freenas_iscsi_target_id: String(target) };
  if (stopsAt === 'extent') {
    nas.ids.extent += 1;
    return ids;
  }
  const hasExtent = exists('extent');
  const extent = hasExtent ? addExtent(nas, assets, zvolPath(dataset)) : (nas.ids.extent += 1);
  const mapped = hasExtent && exists('target') && exists('mapping');
  const mapping = mapped ? addMapping(nas, target, extent) : (nas.ids.mapping += 1);
  return {
    ...ids,
    freenas_iscsi_extent_id: String(extent),
    freenas_iscsi_targettoextent_id: String(mapping),
    freenas_iscsi_assets_name: assets,
  };
}

function exportNvmeof({ nas }: Deployment, volume: VolumeExport): ExportIds {
  const { dataset, assets, stopsAt, gone } = volume;
  const exists = (part: Gone): boolean => !gone.has('share') && !gone.has(part);
  const subsystem = exists('subsystem') ? addSubsystem(nas, assets) : (nas.ids.subsystem += 1);
  const ids = { freenas_nvmeof_subsystem_id: String(subsystem) };
  if (stopsAt === 'extent') return ids;
  // A namespace cannot be without its subsystem.
  const namespace =
    exists('namespace') && exists('subsystem')
      ? addNvmetNamespace(nas, subsystem, zvolPath(dataset))
      : (nas.ids.namespace += 1);
  return {
    ...ids,
    freenas_nvmeof_namespace_id: String(namespace),
    freenas_nvmeof_assets_name: assets,
  };
}

/** The attributes the node plug-in mounts by; the PV adds the driver's name to them. */
export function shareContext(
  deployment: Deployment,
  handle: string,
  assets: string,
): Record<string, string> {
  const { protocol, host, parent, nas } = deployment;
  const generic = isGeneric(deployment);
  switch (protocol) {
    case 'nfs':
      return { node_attach_driver: 'nfs', server: host, share: `/mnt/${parent}/${handle}` };
    case 'smb':
      return { node_attach_driver: 'smb', server: host, share: assets };
    case 'iscsi':
      return {
        node_attach_driver: 'iscsi',
        portal: `${host}:3260`,
        portals: '',
        interface: '',
        iqn: `${generic ? 'iqn.2003-01.org.linux-iscsi.nas' : nas.system.iscsiBasename}:${assets}`,
        lun: '0',
      };
    case 'nvmeof':
      return {
        node_attach_driver: 'nvmeof',
        transport: '',
        transports: `tcp://${host}:4420`,
        nqn: generic ? `nqn.2003-01.org.linux-nvmeof.nas:${assets}` : nqnOf(assets),
        nsid: '1',
      };
  }
}
