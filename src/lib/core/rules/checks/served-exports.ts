import { zvolPathOf } from '../../correlate/paths.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { type Coverage, type Listing } from '../../model/coverage.ts';
import {
  type IscsiExtent,
  type NfsShare,
  type NvmetNamespace,
  type SmbShare,
} from '../../model/truenas.ts';

export interface ExportLists {
  readonly nfsShares: Listing<NfsShare>;
  readonly smbShares: Listing<SmbShare>;
  readonly iscsiExtents: Listing<IscsiExtent>;
  readonly nvmetNamespaces: Listing<NvmetNamespace>;
}

/** What rests on a service: volumes of drivers that it exports. */
export interface ServiceUse {
  /** Enabled exports below the parents of drivers. */
  readonly count: number;
  readonly coverage: Coverage;
  /** What it is called in the web interface. */
  readonly title: string;
  /** `NFS share`, … */
  readonly noun: string;
}

function pathOf(mountPath: string): string | undefined {
  return mountPath.startsWith('/mnt/') ? mountPath.slice('/mnt/'.length) : undefined;
}

/** What drivers' volumes need of each service of one system, by the service's name. */
export function serviceUse(
  lists: ExportLists,
  parents: readonly KnownParent[],
): ReadonlyMap<string, ServiceUse> {
  const roots = parents.map(({ path }) => `${path}/`);
  const isOurs = (path: string | undefined): boolean =>
    path !== undefined && roots.some((root) => path.startsWith(root));
  const count = <T extends { readonly enabled: boolean }>(
    { items, coverage }: Listing<T>,
    path: (item: T) => string | undefined,
  ): Pick<ServiceUse, 'count' | 'coverage'> => ({
    count: items.filter((item) => item.enabled && isOurs(path(item))).length,
    coverage,
  });
  return new Map([
    [
      'nfs',
      { ...count(lists.nfsShares, ({ path }) => pathOf(path)), title: 'NFS', noun: 'NFS share' },
    ],
    [
      'cifs',
      { ...count(lists.smbShares, ({ path }) => pathOf(path)), title: 'SMB', noun: 'SMB share' },
    ],
    [
      'iscsitarget',
      {
        ...count(lists.iscsiExtents, ({ path }) => zvolPathOf(path) ?? pathOf(path)),
        title: 'iSCSI',
        noun: 'iSCSI extent',
      },
    ],
    [
      'nvmet',
      {
        ...count(lists.nvmetNamespaces, ({ devicePath }) => zvolPathOf(devicePath)),
        title: 'NVMe-oF',
        noun: 'NVMe-oF namespace',
      },
    ],
  ]);
}
