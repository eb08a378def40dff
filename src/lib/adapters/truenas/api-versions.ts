/** API versions this adapter was written for, oldest first: the only place that lists them. */
const KNOWN = [
  'v25.04.0',
  'v25.04.1',
  'v25.04.2',
  'v25.10.0',
  'v25.10.1',
  'v25.10.2',
  'v25.10.3',
  'v25.10.4',
  'v25.10.5',
  'v26.0.0',
] as const;

const NEWEST_KNOWN: (typeof KNOWN)[number] = 'v26.0.0';

/** Versions between which the methods we call, or what they answer, differ. */
export type Family = '24' | '25.04' | '25.10' | '26';

interface ApiChoice {
  /** Path of the JSON-RPC endpoint. */
  readonly path: string;
  readonly family: Family;
}

function numbersOf(version: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
}

/** Negative where `a` is the older version. */
function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The release in a text such as `TrueNAS-SCALE-24.10.2.4`. */
export function releaseOf(version: string): string {
  return /\d+(?:\.\d+)+(?:-[A-Za-z]+[.\d]*)?/.exec(version)?.[0] ?? version;
}

export function familyOf(version: string): Family {
  if (compareVersions(version, '25.04') < 0) return '24';
  if (compareVersions(version, '25.10') < 0) return '25.04';
  return compareVersions(version, '26') < 0 ? '25.10' : '26';
}

/** Whether a version has `zfs.resource.query`, `pool.snapshot.query` and NVMe-oF, which came together. */
export function hasResources(family: Family): boolean {
  return family === '25.10' || family === '26';
}

/**
 * Picks the JSON-RPC API to speak from those a server lists. A version we know is preferred to a newer patch of it,
 * because the server converts to what it was asked for; undefined where it lists none.
 */
export function chooseApi(listed: readonly string[]): ApiChoice | undefined {
  const versions = listed.filter((version) => /^v\d+(\.\d+)+$/.test(version)).sort(compareVersions);
  const chosen =
    KNOWN.findLast((known) => versions.includes(known)) ??
    versions.findLast((version) => compareVersions(version, NEWEST_KNOWN) <= 0);
  if (chosen !== undefined) return { path: `/api/${chosen}`, family: familyOf(chosen) };
  const newest = versions.at(-1);
  return newest === undefined ? undefined : { path: '/api/current', family: familyOf(newest) };
}
