import { type KubernetesObject, type LabDataset } from '../world.ts';
import { addClaimObject, addVolumeObject } from './claim.ts';
import { type Deployment } from './deployment.ts';
import { type ExportIds } from './exports.ts';
import { fillTemplate, hashedHandle, type TemplateValues } from './handle.ts';
import { uuidOf } from './identity.ts';
import { splitKey } from './objects.ts';
import { isBlock } from './protocol.ts';
import { addDataset } from './stage.ts';
import { exportVolume, shareContext } from './volume-exports.ts';
import { type Stop, type VolumeOptions } from './volume-options.ts';

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
  /** Name of its SMB share, of its target and extent, or of its subsystem, where it has them. */
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
  const values = { name, namespace, claimName };
  const handle = options.handle ?? handleOf(deployment, values);
  const gone = new Set(options.gone);
  const dataset = `${options.actualParent ?? deployment.parent}/${handle}`;
  const assets = options.assets ?? assetsName(deployment, handle, values);
  const context = shareContext(deployment, handle, assets);
  const provisioned = options.stopsAt === undefined;
  const properties = {
    ...createdProperties(deployment, name, options),
    ...prefixed(exportVolume(deployment, { dataset, assets, stopsAt: options.stopsAt, gone })),
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
  if (options.idle === true) deployment.cluster.idle.add(options.claim);
  return { ...shape, dataset, assets, size: options.size, used: options.used, record, pv };
}

function claimPhase(pv: KubernetesObject | undefined, provisioned: boolean): string {
  if (pv !== undefined) return 'Bound';
  return provisioned ? 'Lost' : 'Pending';
}

function handleOf({ idTemplate, idHash }: Deployment, values: TemplateValues): string {
  const id = idTemplate === undefined ? values.name : fillTemplate(idTemplate, values);
  return idHash === undefined ? id : hashedHandle(idHash, id);
}

function assetsName(deployment: Deployment, handle: string, values: TemplateValues): string {
  const { assetPrefix, assetSuffix, assetTemplate } = deployment;
  const middle = assetTemplate === undefined ? handle : fillTemplate(assetTemplate, values);
  return `${assetPrefix}${middle}${assetSuffix}`.toLowerCase();
}

function createdProperties(
  deployment: Deployment,
  name: string,
  options: VolumeOptions,
): Record<string, string> {
  const properties: Record<string, string> = {
    [`${PREFIX}csi_volume_name`]: name,
    [`${PREFIX}managed_resource`]: 'true',
    [`${PREFIX}volume_context_provisioner_driver`]: deployment.kind,
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
  const { size, used, source, locked, compressRatio } = options;
  return addDataset(deployment.nas, dataset, {
    days: options.datasetDays ?? options.days,
    used,
    userProperties,
    ...(isBlock(deployment.protocol) ? { volsize: size } : { refquota: size }),
    ...(source === undefined ? {} : { origin: source.origin }),
    ...(locked === undefined ? {} : { locked }),
    ...(compressRatio === undefined ? {} : { compressRatio }),
  });
}
