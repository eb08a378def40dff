import { csiTargetName } from '../../correlate/csi-names.ts';
import { type Evidence } from '../../correlate/correlate.ts';
import { hostOf } from '../../rules/checks/ip-addresses.ts';
import { type AdoptionSubject, type Derivation, notAdopted, type VolumeShape } from './adoption.ts';
import { hostFor, iqnBase } from './siblings.ts';

const HOST = ['nfsServer'] as const;
const ISCSI_PORT = 3260;
/** Parameters with this prefix are for the sidecars, and none of the driver's. */
const SIDECARS = 'csi.storage.k8s.io/';

/** Where iSCSI is served: the colons of an address of IPv6 begin no port. */
function portalOf(text: string): string {
  if (/^(?:\[.*\]|[^:]*):\d+$/.test(text)) return text;
  const host = hostOf(text);
  return `${host.includes(':') ? `[${host}]` : host}:${String(ISCSI_PORT)}`;
}

/** How nodes mount it, beside the parameters of the class. */
function mountedBy(
  subject: AdoptionSubject,
  evidence: Evidence,
): { readonly attributes: Record<string, string>; readonly derived: readonly Derivation[] } {
  const { dataset, protocol } = subject;
  if (protocol === 'nfs') {
    const { host, from } = hostFor(subject, evidence, ...HOST);
    return {
      attributes: { nfsServer: host, nfsPath: dataset.mountpoint ?? `/mnt/${dataset.id}` },
      derived: [{ field: 'spec.csi.volumeAttributes.nfsServer', from }],
    };
  }
  if (protocol !== 'iscsi') {
    throw notAdopted(
      dataset.id,
      `what csi.truenas.io writes into a volume over ${protocol} is not known to this version`,
      'Write the manifest by hand, after that of another volume of this driver.',
    );
  }
  const { host, from } = hostFor(subject, evidence, 'targetPortal');
  const { base, from: baseFrom } = iqnBase(subject, evidence);
  const [target] = evidence.derived.exports.extentsOf(dataset).flatMap(({ targets }) => targets);
  const name = target?.name ?? csiTargetName(dataset.id);
  return {
    attributes: {
      targetPortal: portalOf(host),
      targetIQN: `${base}:${name}`,
      lun: '0',
    },
    derived: [
      { field: 'spec.csi.volumeAttributes.targetPortal', from },
      {
        field: 'spec.csi.volumeAttributes.targetIQN',
        from: `the name of its target, and ${baseFrom}`,
      },
    ],
  };
}

/** A volume of csi.truenas.io: its handle is the whole path, and it has every parameter of its class. */
export function truenasShape(subject: AdoptionSubject, evidence: Evidence): VolumeShape {
  const { dataset, storageClass } = subject;
  const { parameters, parameterNames } = storageClass;
  const own = Object.entries(parameters).filter(
    ([name]) => !name.startsWith(SIDECARS) && name.toLowerCase() !== 'fstype',
  );
  const unknown = parameterNames.filter(
    (name) => !(name in parameters) && !name.startsWith(SIDECARS),
  );
  const { attributes, derived } = mountedBy(subject, evidence);
  return {
    handle: dataset.id,
    attributes: { ...Object.fromEntries(own), ...attributes },
    derived: [
      { field: 'spec.csi.volumeHandle', from: 'the path of the dataset' },
      {
        field: 'spec.csi.volumeAttributes',
        from: `the parameters of StorageClass ${storageClass.name}`,
      },
      ...derived,
    ],
    cautions:
      unknown.length === 0
        ? []
        : [
            `This driver also writes these parameters of the class into a volume, whose values this tool does not read since they may be secret: ${unknown.toSorted().join(', ')}.`,
          ],
  };
}
