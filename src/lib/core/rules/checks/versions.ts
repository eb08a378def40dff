/** The numbers of a version, from the left. */
export type Version = readonly number[];

/** Reads the first version of a text: `v3.6.0`, `TrueNAS-25.10.1`. Undefined where there is none. */
export function parseVersion(text: string | null): Version | undefined {
  const found = /\d+(?:\.\d+)*/.exec(text ?? '')?.[0];
  return found?.split('.').map(Number);
}

/** Whether one version comes before another; what a version does not say counts as zero. */
export function isBefore(version: Version, other: Version): boolean {
  const length = Math.max(version.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (version[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** TrueNAS CORE, and FreeNAS before it, end at 13; SCALE begins with 20.10 and numbers by year. */
export function isCore(truenas: Version): boolean {
  return isBefore(truenas, [20]);
}
