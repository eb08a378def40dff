import {
  type Dataset,
  type IscsiExtent,
  type NfsShare,
  type NvmetNamespace,
  type SmbShare,
} from '../model/truenas.ts';
import {
  isOwnIscsiName,
  isOwnNfsShare,
  isOwnNvmetName,
  isOwnSmbShare,
} from '../rules/checks/foreign-exports.ts';
import { type Scene } from './scene.ts';

/** How it is told of an export whether the volume's driver made it. */
export const OWN = 'made by its driver';

/** Which exports of a place its driver made; undefined where no driver made what is there. */
interface Ownership {
  readonly nfs: (share: NfsShare) => boolean;
  readonly smb: (share: SmbShare) => boolean;
  readonly iscsi: (extent: IscsiExtent) => boolean;
  readonly nvmet: (namespace: NvmetNamespace) => boolean;
}

export function ownershipOf(dataset: Dataset | undefined, scene: Scene): Ownership | undefined {
  const { volumeLinks, exports } = scene.evidence.derived;
  if (dataset === undefined || !volumeLinks.isManaged(dataset)) return undefined;
  const beside = exports.nfsSharesOf(dataset);
  return {
    // What lies inside a volume is nothing a driver makes.
    nfs: (share) => beside.includes(share) && isOwnNfsShare(share, dataset, beside),
    smb: (share) => exports.smbSharesOf(dataset).includes(share) && isOwnSmbShare(share, dataset),
    iscsi: ({ name }) => isOwnIscsiName(name, dataset),
    nvmet: ({ subsystem }) => isOwnNvmetName(subsystem, dataset),
  };
}
