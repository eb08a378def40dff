import { type Evidence } from '../../correlate/correlate.ts';
import { exportsAreListed } from '../../correlate/protocol.ts';
import { type AdoptionSubject } from './adoption.ts';

const NAMES = {
  nfs: 'NFS share',
  smb: 'SMB share',
  iscsi: 'iSCSI target',
  nvmeof: 'NVMe-oF namespace',
} as const;

/** Whether each thing that exports it is switched on. */
function switches(
  { dataset, protocol }: AdoptionSubject,
  { derived }: Evidence,
): readonly boolean[] {
  const { exports } = derived;
  switch (protocol) {
    case 'nfs':
      return exports.nfsSharesOf(dataset).map(({ enabled }) => enabled);
    case 'smb':
      return exports.smbSharesOf(dataset).map(({ enabled }) => enabled);
    case 'iscsi':
      return exports
        .extentsOf(dataset)
        .filter(({ targets }) => targets.length > 0)
        .map(({ extent }) => extent.enabled);
    case 'nvmeof':
      return exports.namespacesOf(dataset).map(({ namespace }) => namespace.enabled);
  }
}

/** What keeps nodes from mounting the volume once it is back, and which finding then mends it. */
export function exportCautions(subject: AdoptionSubject, evidence: Evidence): readonly string[] {
  const { dataset, protocol } = subject;
  const cautions = dataset.locked
    ? ['The dataset is locked: unlock it before anybody mounts the volume.']
    : [];
  if (!exportsAreListed(dataset.properties.provisionerDriver)) return cautions;
  const states = switches(subject, evidence);
  const name = NAMES[protocol];
  if (states.length === 0) {
    return [
      ...cautions,
      `No ${name} exports the dataset, so nothing can mount the volume yet. Apply this first: truenas-monitor orphans then reports share-missing, and its command has clean-up make the ${name} again.`,
    ];
  }
  return states.includes(true)
    ? cautions
    : [
        ...cautions,
        `The ${name} of the dataset is disabled, so nothing can mount the volume yet. Enable it: truenas-monitor orphans reports share-disabled once this is applied.`,
      ];
}
