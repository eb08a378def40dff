import { type KnownParent } from './known-parent.ts';
import { type ParentIndex } from './parents.ts';
import { isTrueNasDriverName } from './volume-handle.ts';

/*
 * What drivers call the snapshots they take to copy from, and mean to delete at once or with the copy.
 */

/** democratic-csi and tns-csi, followed by the name of what is made from it. */
const SOURCE = /^volume-source-for-(?:volume|snapshot)-(.+)$/;

/** csi.truenas.io and tns-csi, followed by the path of the new volume, and the time in seconds. */
const CLONE = /^csi-clone-(.+)-\d{10}$/;

/** tns-csi, followed by the time in nanoseconds. */
const DETACHED = /^csi-detached-temp-\d{19}$/;

/** Whether a name is one that drivers give what they leave behind. What people call alike is theirs. */
export function isTemporarySnapshot(name: string): boolean {
  // Most snapshots are somebody's, and one look at how they begin spares the patterns.
  if (!name.startsWith('volume-source-for-') && !name.startsWith('csi-')) return false;
  return SOURCE.test(name) || CLONE.test(name) || DETACHED.test(name);
}

const CLONING: readonly string[] = ['csi.truenas.io', 'tns.csi.io'];
const COPYING = 'tns.csi.io';

/** As provisioners name volumes and snapshots, and as a driver told to hash their names does. */
const MADE_UP = /(?:^|-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[0-9a-f]{32}$/;

const cloning = ({ drivers }: KnownParent): boolean =>
  drivers.some((driver) => CLONING.includes(driver));

/** democratic-csi may be called anything but what others are. */
const sourcing = ({ drivers }: KnownParent): boolean =>
  drivers.some((driver) => driver === COPYING || !isTrueNasDriverName(driver));

/** Whether a name is a path below the place of a driver that clones, with its slashes written as dashes. */
function spellsVolume(spelled: string, { system }: KnownParent, { all }: ParentIndex): boolean {
  return all.some(
    (parent) =>
      parent.system === system &&
      cloning(parent) &&
      spelled.startsWith(`${parent.path.replaceAll('/', '-')}-`),
  );
}

/**
 * Whether a driver of the place where a snapshot lies gave it its name; undefined where one may have, and people may call theirs so.
 *
 * @param isVolume whether there is a volume of this name
 */
export function isNamedByDriver(
  name: string,
  home: KnownParent,
  parents: ParentIndex,
  isVolume: (leaf: string) => boolean,
): boolean | undefined {
  const volume = SOURCE.exec(name)?.[1];
  if (volume !== undefined) {
    if (!sourcing(home)) return false;
    return MADE_UP.test(volume) || isVolume(volume) ? true : undefined;
  }
  const clone = CLONE.exec(name)?.[1];
  if (clone !== undefined) return cloning(home) && spellsVolume(clone, home, parents);
  return DETACHED.test(name) && home.drivers.includes(COPYING);
}
