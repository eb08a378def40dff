import { ListsBySystem } from './by-system.ts';
import { zvolPathOf } from './paths.ts';

/** A snapshot as a path names it, apart from the system. */
export interface SnapshotPath {
  /** Mount path of its dataset; for a zvol the one it would have. */
  readonly mountPath: string;
  /** Undefined for the directory of all of them. */
  readonly snapshot: string | undefined;
}

/** ZFS shows every snapshot of a filesystem in a directory of it that is not listed. */
const IN_DIRECTORY = /^(.*?)\/\.zfs(?:\/snapshot(?:\/([^/]+).*)?)?$/;

/** The snapshot into which a mount path leads; undefined where it leads into none. */
export function snapshotAt(path: string): SnapshotPath | undefined {
  // Nearly no path does, and a search is cheaper than the pattern.
  if (!path.includes('/.zfs')) return undefined;
  const [, mountPath, snapshot] = IN_DIRECTORY.exec(path) ?? [];
  return mountPath === undefined ? undefined : { mountPath, snapshot };
}

/** The snapshot that the device of a zvol's snapshot, or a file in one, shows. */
export function snapshotOnDevice(devicePath: string): SnapshotPath | undefined {
  if (!devicePath.includes('@')) return snapshotAt(devicePath);
  const zvol = zvolPathOf(devicePath);
  if (zvol === undefined) return snapshotAt(devicePath);
  const at = zvol.indexOf('@');
  return { mountPath: `/mnt/${zvol.slice(0, at)}`, snapshot: zvol.slice(at + 1) };
}

/** Who uses snapshots themselves, by the mount path of their dataset. */
export class SnapshotUse {
  readonly #byMount = new ListsBySystem<{ snapshot: string | undefined; user: string }>();

  /** @param user in words */
  add(system: string, { mountPath, snapshot }: SnapshotPath, user: string): void {
    this.#byMount.add(system, mountPath, { snapshot: snapshot?.toLowerCase(), user });
  }

  of(system: string, mountPath: string, snapshot: string): readonly string[] {
    const lower = snapshot.toLowerCase();
    return this.#byMount
      .get(system, mountPath)
      .filter((each) => each.snapshot === undefined || each.snapshot === lower)
      .map(({ user }) => user);
  }
}

/** Where a dataset is mounted, or would be. */
export function mountPathOf({
  mountpoint,
  id,
}: {
  readonly mountpoint: string | null;
  readonly id: string;
}): string {
  return mountpoint ?? `/mnt/${id}`;
}
