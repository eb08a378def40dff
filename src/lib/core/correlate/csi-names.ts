/*
 * csi.truenas.io marks nothing it makes. It names what exports a volume after the volume's whole path, in the letters that such
 * names may have, so that a path has one name and a name may be that of several paths.
 */

/** The one name this driver has: it cannot be given another. */
export const OFFICIAL_DRIVER = 'csi.truenas.io';

function named(path: string, others: RegExp, longest: number): string {
  return `csi-${path}`.toLowerCase().replaceAll(others, '-').slice(0, longest);
}

/** Name csi.truenas.io gives to the target of a volume. */
export function csiTargetName(path: string): string {
  return named(path, /[^a-z0-9.:-]/g, 120);
}

/** Name it gives to the NVMe-oF subsystem of a volume. */
export function csiSubsystemName(path: string): string {
  return named(path, /[^a-z0-9.-]/g, 200);
}

/** What it calls the extent of a volume: the path as far as TrueNAS takes a name, so that two volumes may come to one. */
export function csiExtentName(path: string): string {
  return path.slice(0, LONGEST_EXTENT_NAME);
}

/** SCST takes no longer name of an extent. */
export const LONGEST_EXTENT_NAME = 64;
