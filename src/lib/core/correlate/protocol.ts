import { type SystemSource } from '../model/inventory.ts';
import { type PersistentVolume } from '../model/kubernetes.ts';

export type Protocol = 'nfs' | 'smb' | 'iscsi' | 'nvmeof';

/** The lists of TrueNAS that hold what exports a volume of each protocol. */
export const EXPORT_LISTS = {
  nfs: ['nfsShares'],
  smb: ['smbShares'],
  iscsi: ['iscsiTargets', 'iscsiExtents', 'iscsiTargetExtents'],
  nvmeof: ['nvmetNamespaces', 'nvmetSubsystems'],
} as const satisfies Readonly<Record<Protocol, readonly SystemSource[]>>;

const PROTOCOLS: Readonly<Partial<Record<string, Protocol>>> = {
  nfs: 'nfs',
  smb: 'smb',
  iscsi: 'iscsi',
  nvmeof: 'nvmeof',
};

/** These make shares and targets on the command line, where no list of TrueNAS shows them. */
const OFF_THE_LISTS = 'zfs-generic-';

/** Whether this driver's exports are TrueNAS' own objects. */
export function exportsAreListed(provisionerDriver: string | null | undefined): boolean {
  return provisionerDriver?.startsWith(OFF_THE_LISTS) !== true;
}

/** How TrueNAS exports a volume, by the volume's own attributes; undefined where they do not say, or it does not. */
export function protocolOf({ source }: PersistentVolume): Protocol | undefined {
  if (source.kind !== 'csi' || !exportsAreListed(source.attributes['provisioner_driver'])) {
    return undefined;
  }
  const { node_attach_driver: attach, protocol } = source.attributes;
  return PROTOCOLS[attach ?? protocol ?? ''];
}
