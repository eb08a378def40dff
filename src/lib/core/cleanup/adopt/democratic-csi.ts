import { leafName } from '../../correlate/paths.ts';
import { readShareContext, type ShareContext } from '../../correlate/share-context.ts';
import { type Evidence } from '../../correlate/correlate.ts';
import { type AdoptionSubject, notAdopted, type VolumeShape } from './adoption.ts';

/** What was noted when the volume was made; of file systems it can be told anew. */
function contextOf({ dataset, protocol, installation }: AdoptionSubject): ShareContext {
  const noted = readShareContext(dataset.properties.shareContext);
  if (noted !== undefined) return noted;
  const host = installation.secrets.flatMap(({ settings }) => settings.shareHost ?? [])[0];
  if (protocol === 'nfs' && host !== undefined) {
    return { node_attach_driver: 'nfs', server: host, share: dataset.mountpoint };
  }
  throw notAdopted(
    dataset.id,
    'its property csi_share_volume_context is missing, and nothing else says how its nodes mounted it',
    'Write the manifest by hand, after that of another volume of this driver.',
  );
}

/** Whatever the names say of the place the volume had: it is mounted where it lies now. */
function mountedFrom({ dataset, protocol }: AdoptionSubject, context: ShareContext): ShareContext {
  return protocol === 'nfs' && dataset.mountpoint !== null
    ? { ...context, share: dataset.mountpoint }
    : context;
}

/** What follows the base of an IQN, as TrueNAS compares it. */
function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1).toLowerCase();
}

/** Whether what exports it goes by the name that nodes will ask for. */
function misnamed(
  { dataset, protocol }: AdoptionSubject,
  context: ShareContext,
  { derived: { exports } }: Evidence,
): readonly string[] {
  const names =
    protocol === 'smb'
      ? exports.smbSharesOf(dataset).map(({ name }) => name)
      : exports.extentsOf(dataset).flatMap(({ targets }) => targets.map(({ name }) => name));
  const asked = protocol === 'smb' ? context['share'] : context['iqn'];
  if (typeof asked !== 'string' || names.length === 0) return [];
  if (names.some((name) => lastPart(name) === lastPart(asked))) return [];
  return [
    `Nodes will ask for ${asked}, and what exports the dataset is called ${names.join(', ')}.`,
  ];
}

function texts(context: ShareContext): Record<string, string> {
  return Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[key, String(value)]] : [],
    ),
  );
}

/** A volume of democratic-csi: its handle is the leaf of its dataset, whether hashed, templated or not. */
export function democraticShape(subject: AdoptionSubject, evidence: Evidence): VolumeShape {
  const { dataset } = subject;
  const { properties } = dataset;
  const context = mountedFrom(subject, contextOf(subject));
  const { provisionerDriver, instanceId } = properties;
  return {
    handle: leafName(dataset.id),
    attributes: {
      ...texts(context),
      ...(provisionerDriver === null ? {} : { provisioner_driver: provisionerDriver }),
      ...(instanceId === null ? {} : { provisioner_driver_instance_id: instanceId }),
    },
    derived: [
      { field: 'spec.csi.volumeHandle', from: 'the last part of the path of the dataset' },
      {
        field: 'spec.csi.volumeAttributes',
        from:
          properties.shareContext === null
            ? 'the configuration of the driver, and where the dataset is mounted'
            : 'the properties csi_share_volume_context and volume_context_provisioner_*',
      },
    ],
    cautions: misnamed(subject, context, evidence),
  };
}
