import { type KubernetesObject, type LabDataset } from '../world.ts';
import {
  addExtent,
  addMapping,
  addNfsShare,
  addNvmetNamespace,
  addSmbShare,
  addSubsystem,
  addTarget,
  zvolPath,
  type ExportIds,
} from './exports.ts';
import { uuidOf } from './identity.ts';
import { splitKey } from './objects.ts';
import { type PathDriver } from './path-driver.ts';
import { type PathVolumeNames, type PathVolumeOptions } from './path-names.ts';
import { addPathObjects } from './path-objects.ts';
import { isBlock, type Protocol } from './protocol.ts';
import { addDataset, ago, GIB } from './stage.ts';

/** Both sides of such a volume. */
export interface PathVolume extends PathVolumeNames {
  readonly record: LabDataset | undefined;
  readonly pv: KubernetesObject | undefined;
}

/** Longest name of an extent that this driver gives. */
const EXTENT_NAME = 64;

export function addPathVolume(driver: PathDriver, options: PathVolumeOptions): PathVolume {
  const volume = namesOf(driver, options.claim);
  const gone = new Set(options.gone);
  const ids = exportPath(volume, !gone.has('share'));
  const record = gone.has('dataset') ? undefined : addPathDataset(volume, options, ids);
  const pv = gone.has('pv') ? undefined : addPathObjects(volume, options, ids, gone.has('claim'));
  return { ...volume, record, pv };
}

function namesOf(driver: PathDriver, claim: string): PathVolumeNames {
  const { namespace, name: claimName } = splitKey(claim);
  const name = `pvc-${uuidOf(`${driver.cluster.cluster.uid} ${driver.driver} ${claim}`)}`;
  const dataset = `${driver.parent}/${name}`;
  const tns = driver.driver === 'tns.csi.io';
  const asset = tns ? name : `csi-${dataset.replaceAll('/', '-')}`;
  const extent = tns ? name : dataset.slice(0, EXTENT_NAME);
  const base = tns ? 'iqn.2024-01.io.truenas.csi' : driver.nas.system.iscsiBasename;
  const iqn = `${base}:${asset}`;
  const nqn = `nqn.2026-02.csi.tns:${asset}`;
  return { driver, namespace, claimName, name, dataset, asset, extent, iqn, nqn };
}

function addPathDataset(
  volume: PathVolumeNames,
  options: PathVolumeOptions,
  ids: ExportIds,
): LabDataset {
  const { driver, dataset } = volume;
  const { size = 20 * GIB, days = 80.5, used = 5 * GIB } = options;
  const tns = driver.driver === 'tns.csi.io';
  return addDataset(driver.nas, dataset, {
    days,
    used,
    userProperties: tns ? tnsProperties(volume, options, ids) : {},
    ...(isBlock(driver.protocol) ? { volsize: size } : { refquota: size }),
  });
}

/** Exports the volume, or takes the ids of an export that has gone again. */
function exportPath(
  { driver, dataset, asset, extent, nqn }: PathVolumeNames,
  exists: boolean,
): ExportIds {
  const { nas, protocol } = driver;
  const tns = driver.driver === 'tns.csi.io';
  const comment = tns ? `CSI Volume: ${asset}` : `CSI volume ${dataset}`;
  const path = `/mnt/${dataset}`;
  if (!exists) return { id: '999' };
  switch (protocol) {
    case 'nfs':
      return { id: String(addNfsShare(nas, path, { comment })) };
    case 'smb':
      return { id: String(addSmbShare(nas, asset, path, { comment })) };
    case 'iscsi': {
      const target = addTarget(nas, asset, comment);
      const disk = addExtent(nas, extent, zvolPath(dataset), { comment });
      addMapping(nas, target, disk);
      return { id: String(target), extent: String(disk) };
    }
    case 'nvmeof': {
      const subsystem = addSubsystem(nas, asset, nqn);
      const namespace = addNvmetNamespace(nas, subsystem, zvolPath(dataset));
      return { id: String(subsystem), namespace: String(namespace) };
    }
  }
}

function tnsProperties(
  volume: PathVolumeNames,
  options: PathVolumeOptions,
  ids: ExportIds,
): ExportIds {
  const { driver, name, namespace, claimName } = volume;
  const { id = '', extent = '', namespace: namespaceId = '' } = ids;
  const own: Record<Protocol, ExportIds> = {
    nfs: { nfs_share_id: id, nfs_share_path: `/mnt/${volume.dataset}` },
    smb: { smb_share_id: id, smb_share_name: volume.asset },
    iscsi: { iscsi_iqn: volume.iqn, iscsi_target_id: id, iscsi_extent_id: extent },
    nvmeof: {
      nvmeof_subsystem_id: id,
      nvmeof_namespace_id: namespaceId,
      nvmeof_subsystem_nqn: volume.nqn,
    },
  };
  const properties: ExportIds = {
    managed_by: 'tns-csi',
    schema_version: '1',
    csi_volume_name: name,
    capacity_bytes: String(options.size ?? 20 * GIB),
    protocol: driver.protocol,
    created_at: ago(driver.cluster.stage, options.days ?? 80.5),
    delete_strategy: options.deleteStrategy ?? 'delete',
    pvc_name: claimName,
    pvc_namespace: namespace,
    storage_class: driver.storageClass,
    ...(driver.clusterId === undefined ? {} : { cluster_id: driver.clusterId }),
    ...own[driver.protocol],
  };
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [`tns-csi:${key}`, value]),
  );
}
