import { findNearest } from '../../model/did-you-mean.ts';

/*
 * Parameters of a StorageClass: those the provisioner of Kubernetes takes for itself, and those of democratic-csi.
 */

const RESERVED = 'csi.storage.k8s.io/';

/** Secrets that may be named, each by a `-name` and a `-namespace`. */
export const SECRET_PURPOSES = [
  'secret',
  'provisioner-secret',
  'controller-publish-secret',
  'controller-expand-secret',
  'controller-modify-secret',
  'node-stage-secret',
  'node-publish-secret',
  'node-expand-secret',
] as const;

const RESERVED_NAMES: readonly string[] = [
  `${RESERVED}fstype`,
  ...SECRET_PURPOSES.flatMap((purpose) => [
    `${RESERVED}${purpose}-name`,
    `${RESERVED}${purpose}-namespace`,
  ]),
];

const OF_DEMOCRATIC_CSI: readonly string[] = [
  'fsType',
  'detachedVolumesFromSnapshots',
  'detachedVolumesFromVolumes',
];

export function secretParameter(purpose: string, part: 'name' | 'namespace'): string {
  return `${RESERVED}${purpose}-${part}`;
}

export function isFileSystem(name: string): boolean {
  return name === `${RESERVED}fstype` || name.toLowerCase() === 'fstype';
}

/** A name the provisioner keeps for itself and does not know: it refuses to make any volume. */
export function isRefused(name: string): boolean {
  return name.startsWith(RESERVED) && !RESERVED_NAMES.includes(name);
}

/** The reserved name that was probably meant. */
export function meantByRefused(name: string): string | undefined {
  return findNearest(name, RESERVED_NAMES);
}

/**
 * The parameter of democratic-csi that was probably meant by a name it does not know. What is near nothing may be what a
 * template of its configuration asks for.
 */
export function meantByIgnored(name: string): string | undefined {
  if (name.startsWith(RESERVED) || isFileSystem(name)) return undefined;
  // A driver's name, or that of a deployment, may stand before it.
  const own = name.slice(name.lastIndexOf('/') + 1);
  return OF_DEMOCRATIC_CSI.includes(own) ? undefined : findNearest(own, OF_DEMOCRATIC_CSI);
}

/** What people write into a class because other drivers have it there; this one has it in its configuration, for all classes. */
export const CONFIGURED_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['datasetParentName', 'zfs.datasetParentName'],
  ['zfs.datasetParentName', 'zfs.datasetParentName'],
  ['detachedSnapshotsDatasetParentName', 'zfs.detachedSnapshotsDatasetParentName'],
]);
