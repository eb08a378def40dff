import { type KubernetesObject, type LabDataset } from '../world.ts';
import { addClaimObject, addVolumeObject } from './claim.ts';
import { type Deployment } from './deployment.ts';
import { exportIscsi, exportNfs, type ExportIds } from './exports.ts';
import { uuidOf } from './identity.ts';
import { splitKey } from './objects.ts';
import { addDataset } from './stage.ts';
import { type Gone, type Stop, type VolumeOptions } from './volume-options.ts';

/** Both sides of one volume. */
export interface Volume {
  readonly deployment: Deployment;
  readonly namespace: string;
  readonly claimName: string;
  readonly claimUid: string;
  /** Name of the PersistentVolume, and `csi_volume_name`. */
  readonly name: string;
  readonly handle: string;
  /** Path of its dataset. */
  readonly dataset: string;
  /** Name of its target and extent, where it has them. */
  readonly assets: string;
  readonly size: number;
  readonly used: number;
  readonly record: LabDataset | undefined;
  readonly pv: KubernetesObject | undefined;
}

const PREFIX = 'democratic-csi:';

/** Adds one volume as democratic-csi and the provisioner leave it, short of what `stopsAt` and `gone` say. */
export function addVolume(deployment: Deployment, options: VolumeOptions): Volume {
  const { namespace, name: claimName } = splitKey(options.claim);
  const claimUid = uuidOf(`${deployment.cluster.cluster.uid} ${options.claim} ${options.days}`);
  const name = `pvc-${claimUid}`;
  const handle = options.handle ?? name;
  const gone = new Set(options.gone);
  const dataset = `${options.actualParent ?? deployment.parent}/${handle}`;
  const assets = options.assets ?? assetsName(deployment, handle);
  const context = shareContext(deployment, handle, assets);
  const provisioned = options.stopsAt === undefined;
  const properties = {
    ...createdProperties(deployment, name, options),
    ...exported(deployment, dataset, assets, options, gone),
    ...finalProperties(context, options.stopsAt),
  };
  const record = gone.has('dataset')
    ? undefined
    : addVolumeDataset(deployment, dataset, properties, options);
  const shape = { deployment, namespace, claimName, claimUid, name, handle };
  const pv =
    provisioned && !gone.has('pv')
      ? addVolumeObject(shape, context, options, gone.has('claim'))
      : undefined;
  if (!gone.has('claim')) addClaimObject(shape, options, claimPhase(pv, provisioned));
  return { ...shape, dataset, assets, size: options.size, used: options.used, record, pv };
}

function claimPhase(pv: KubernetesObject | undefined, provisioned: boolean): string {
  if (pv !== undefined) return 'Bound';
  return provisioned ? 'Lost' : 'Pending';
}

export function assetsName(deployment: Deployment, handle: string): string {
  return `${deployment.assetPrefix}${handle}${deployment.assetSuffix}`.toLowerCase();
}

/** The attributes the node plug-in mounts by; the PV adds the driver's name to them. */
function shareContext(
  deployment: Deployment,
  handle: string,
  assets: string,
): Record<string, string> {
  if (deployment.protocol === 'nfs') {
    return {
      node_attach_driver: 'nfs',
      server: deployment.host,
      share: `/mnt/${deployment.parent}/${handle}`,
    };
  }
  return {
    node_attach_driver: 'iscsi',
    portal: `${deployment.host}:3260`,
    portals: '',
    interface: '',
    iqn: `${deployment.nas.system.iscsiBasename}:${assets}`,
    lun: '0',
  };
}

function createdProperties(
  deployment: Deployment,
  name: string,
  options: VolumeOptions,
): Record<string, string> {
  const properties: Record<string, string> = {
    [`${PREFIX}csi_volume_name`]: name,
    [`${PREFIX}managed_resource`]: 'true',
    [`${PREFIX}volume_context_provisioner_driver`]: `freenas-api-${deployment.protocol}`,
  };
  if (deployment.instanceId !== undefined) {
    properties[`${PREFIX}volume_context_provisioner_instance_id`] = deployment.instanceId;
  }
  if (options.source !== undefined) {
    properties[`${PREFIX}csi_volume_content_source_type`] = options.source.type;
    properties[`${PREFIX}csi_volume_content_source_id`] = options.source.id;
  }
  return properties;
}

/** Makes the exports that provisioning came to, and gives the properties that remember them. */
function exported(
  deployment: Deployment,
  dataset: string,
  assets: string,
  options: VolumeOptions,
  gone: ReadonlySet<Gone>,
): ExportIds {
  if (options.stopsAt === 'share') return {};
  const share = !gone.has('share');
  if (deployment.protocol === 'nfs') return prefixed(exportNfs(deployment, dataset, share));
  const extent = options.stopsAt !== 'extent' && share && !gone.has('extent');
  const ids = exportIscsi(deployment, dataset, assets, {
    target: share && !gone.has('target'),
    extent,
    mapping: extent && !gone.has('mapping'),
  });
  if (options.stopsAt !== 'extent') return prefixed(ids);
  return prefixed({ freenas_iscsi_target_id: ids['freenas_iscsi_target_id'] ?? '' });
}

function finalProperties(
  context: Record<string, string>,
  stopsAt: Stop | undefined,
): Record<string, string> {
  const properties: Record<string, string> = {};
  if (stopsAt === undefined || stopsAt === 'success') {
    properties[`${PREFIX}csi_share_volume_context`] = JSON.stringify(context);
  }
  if (stopsAt === undefined) properties[`${PREFIX}provision_success`] = 'true';
  return properties;
}

function prefixed(ids: ExportIds): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).map(([key, value]) => [PREFIX + key, value]));
}

function addVolumeDataset(
  deployment: Deployment,
  dataset: string,
  userProperties: Record<string, string>,
  options: VolumeOptions,
): LabDataset {
  const { size, used, source, locked } = options;
  return addDataset(deployment.nas, dataset, {
    days: options.datasetDays ?? options.days,
    used,
    userProperties,
    ...(deployment.protocol === 'nfs' ? { refquota: size } : { volsize: size }),
    ...(source === undefined ? {} : { origin: source.origin }),
    ...(locked === undefined ? {} : { locked }),
  });
}
