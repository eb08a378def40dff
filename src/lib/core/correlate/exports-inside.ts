import {
  type IscsiExtent,
  type NfsShare,
  type NvmetNamespace,
  type SmbShare,
} from '../model/truenas.ts';
import { BySystem } from './by-system.ts';
import { parentPath, zvolPathOf } from './paths.ts';

/** Where a device would be mounted if it were. A snapshot of a zvol counts as if it lay inside. */
function mountOfDevice(devicePath: string): string {
  const zvol = zvolPathOf(devicePath);
  return zvol === undefined ? devicePath : `/mnt/${zvol.replace('@', '/@')}`;
}

/**
 * Everything that is exported, by the directory it lies in. Nearly all of it lies in a handful of them, right below the parents
 * of volumes, so that only directories are put under each path above them, and not each of ten thousand shares.
 */
export class ExportsInside {
  readonly #byDirectory = new BySystem<(() => string)[]>();
  /** Directories at a path or anywhere below it. */
  readonly #below = new BySystem<string[]>();

  constructor(
    nfs: readonly NfsShare[],
    smb: readonly SmbShare[],
    extents: readonly IscsiExtent[],
    namespaces: readonly NvmetNamespace[],
  ) {
    for (const { system, path, id } of nfs) {
      this.#add(system, path, () => `NFS share ${id} of ${path}`);
    }
    for (const { system, path, name } of smb) {
      this.#add(system, path, () => `SMB share ${name} of ${path}`);
    }
    for (const { system, path, name } of extents) {
      this.#add(system, mountOfDevice(path), () => `extent ${name}`);
    }
    for (const { system, devicePath, subsystem } of namespaces) {
      this.#add(system, mountOfDevice(devicePath), () => `NVMe-oF subsystem ${subsystem}`);
    }
  }

  #add(system: string, path: string, what: () => string): void {
    const directory = parentPath(path);
    this.#byDirectory
      .of(system, directory, () => {
        for (let above = directory; above !== ''; above = parentPath(above)) {
          this.#below.of(system, above, () => []).push(directory);
        }
        return [];
      })
      .push(what);
  }

  /** What is exported strictly below a mount path, in words. */
  below(system: string, mountPath: string): readonly string[] {
    const directories = this.#below.get(system, mountPath) ?? [];
    return directories.flatMap((directory) =>
      (this.#byDirectory.get(system, directory) ?? []).map((what) => what()),
    );
  }
}
