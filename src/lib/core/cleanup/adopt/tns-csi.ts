import { type Evidence } from '../../correlate/correlate.ts';
import { type Protocol } from '../../correlate/protocol.ts';
import { leafName } from '../../correlate/paths.ts';
import { type AdoptionSubject, notAdopted, type VolumeShape } from './adoption.ts';
import { hostFor } from './siblings.ts';

/** Only what is known: what exports it now, else what the driver noted. */
function known(
  entries: Readonly<Record<string, string | number | null | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key, String(value)]],
    ),
  );
}

function iscsi({ dataset }: AdoptionSubject, { derived }: Evidence): Record<string, string> {
  const { properties } = dataset;
  const [mapped] = derived.exports.extentsOf(dataset);
  if (properties.iscsiIqn === null) {
    throw notAdopted(
      dataset.id,
      'its property iscsi_iqn is missing, and no list says what nodes have to log in to',
      'Write the manifest by hand, after that of another volume of this driver.',
    );
  }
  return known({
    iscsiIQN: properties.iscsiIqn,
    iscsiTargetID: mapped?.targets[0]?.id ?? properties.iscsiTargetId,
    iscsiExtentID: mapped?.extent.id ?? properties.iscsiExtentId,
    lun: 0,
  });
}

function nvmeof({ dataset }: AdoptionSubject, { derived }: Evidence): Record<string, string> {
  const { properties } = dataset;
  const [served] = derived.exports.namespacesOf(dataset);
  const nqn = served?.subsystem?.nqn ?? properties.nvmetNqn;
  if (nqn === null) {
    throw notAdopted(
      dataset.id,
      'nothing says by what name nodes find its NVMe-oF subsystem',
      'Write the manifest by hand, after that of another volume of this driver.',
    );
  }
  return known({
    nqn,
    nsid: 1,
    nvmeofSubsystemID: served?.namespace.subsystemId ?? properties.nvmetSubsystemId,
    nvmeofNamespaceID: served?.namespace.id ?? properties.nvmetNamespaceId,
  });
}

type Made = (subject: AdoptionSubject, evidence: Evidence) => Record<string, string>;

const nfs: Made = ({ dataset }, { derived }) =>
  known({
    share: dataset.mountpoint ?? `/mnt/${dataset.id}`,
    nfsShareID: derived.exports.nfsSharesOf(dataset)[0]?.id ?? dataset.properties.nfsShareId,
  });

const smb: Made = ({ dataset }, { derived }) => {
  const [share] = derived.exports.smbSharesOf(dataset);
  return known({
    share: share?.name ?? leafName(dataset.id),
    smbShareID: share?.id ?? dataset.properties.smbShareId,
  });
};

const EXPORTED: Readonly<Record<Protocol, Made>> = { nfs, smb, iscsi, nvmeof };

/** A volume of tns-csi: its handle is the whole path, and it notes by ids what exports it. */
export function tnsShape(subject: AdoptionSubject, evidence: Evidence): VolumeShape {
  const { dataset, protocol } = subject;
  const { host, from } = hostFor(subject, evidence, 'server');
  const size = dataset.volsize ?? dataset.refquota;
  return {
    handle: dataset.id,
    attributes: {
      protocol,
      server: host,
      datasetID: dataset.id,
      datasetName: dataset.id,
      ...known({ expectedCapacity: size?.bytes }),
      ...EXPORTED[protocol](subject, evidence),
    },
    derived: [
      { field: 'spec.csi.volumeHandle', from: 'the path of the dataset' },
      { field: 'spec.csi.volumeAttributes.server', from },
      {
        field: 'spec.csi.volumeAttributes',
        from: 'what exports the dataset, and the properties tns-csi:*',
      },
    ],
    cautions: [],
  };
}
