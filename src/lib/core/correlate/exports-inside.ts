import {
  type IscsiExtent,
  type NfsShare,
  type NvmetNamespace,
  type SmbShare,
} from '../model/truenas.ts';
import { BySystem, ListsBySystem } from './by-system.ts';
import { parentPath, zvolPathOf } from './paths.ts';

/** Where a device would be mounted if it were. A snapshot of a zvol counts as if it lay inside. */
function mountOfDevice(devicePath: string): string {
  const zvol = zvolPathOf(devicePath);
  return zvol === undefined ? devicePath : `/mnt/${zvol.replace('@', '/@')}`;
}

type Export = NfsShare | SmbShare | IscsiExtent | NvmetNamespace;

function wordsFor(each: Export): string {
  if ('devicePath' in each) return `NVMe-oF subsystem ${each.subsystem}`;
  if ('type' in each) return `extent ${each.name}`;
  return 'name' in each
    ? `SMB share ${each.name} of ${each.path}`
    : `NFS share ${each.id} of ${each.path}`;
}

/** Finds the directory a device would be mounted in: once for all that lie side by side. */
function deviceDirectories(): (devicePath: string) => string {
  let place = '';
  let directory = '';
  return (devicePath) => {
    if (devicePath.includes('@')) return parentPath(mountOfDevice(devicePath));
    const above = parentPath(devicePath);
    if (above !== place) {
      place = above;
      directory = parentPath(mountOfDevice(devicePath));
    }
    return directory;
  };
}

/**
 * Everything that is exported, by the directory it lies in. Nearly all of it lies in a handful of them, right below the parents
 * of volumes, so that only directories are put under each path above them, and not each of ten thousand shares.
 */
export class ExportsInside {
  readonly #byDirectory = new BySystem<Export[]>();
  /** Directories at a path or anywhere below it. */
  readonly #below = new ListsBySystem<string>();

  constructor(
    nfs: readonly NfsShare[],
    smb: readonly SmbShare[],
    extents: readonly IscsiExtent[],
    namespaces: readonly NvmetNamespace[],
  ) {
    const directoryOf = deviceDirectories();
    for (const share of nfs) this.#add(share, parentPath(share.path));
    for (const share of smb) this.#add(share, parentPath(share.path));
    for (const extent of extents) this.#add(extent, directoryOf(extent.path));
    for (const namespace of namespaces) this.#add(namespace, directoryOf(namespace.devicePath));
  }

  #add(each: Export, directory: string): void {
    const { system } = each;
    this.#byDirectory
      .of(system, directory, () => {
        for (let above = directory; above !== ''; above = parentPath(above)) {
          this.#below.add(system, above, directory);
        }
        return [];
      })
      .push(each);
  }

  /** What is exported strictly below a mount path, in words. */
  below(system: string, mountPath: string): readonly string[] {
    return this.#below
      .get(system, mountPath)
      .flatMap((directory) => (this.#byDirectory.get(system, directory) ?? []).map(wordsFor));
  }
}
