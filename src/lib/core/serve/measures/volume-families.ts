import { type VolumeAnalysis } from '../../model/analysis.ts';
import { type Family, family, knownOf, type Measured, measured, single } from './family.ts';

const VOLUME = ['cluster', 'volume', 'namespace', 'claim', 'storage_class', 'system', 'pool'];

const NUMBERS: readonly (readonly [Family, (volume: VolumeAnalysis) => number | null])[] = [
  [
    family('volume_used_bytes', 'Bytes that a volume takes, snapshots apart.', VOLUME),
    ({ used }) => used,
  ],
  [
    family('volume_provisioned_bytes', 'Bytes that were promised to a volume.', VOLUME),
    ({ provisioned }) => provisioned,
  ],
  [
    family('volume_snapshot_bytes', 'Bytes that only snapshots of a volume hold.', VOLUME),
    ({ snapshots }) => snapshots,
  ],
  [
    family('volume_snapshots', 'Snapshots of a volume.', VOLUME),
    ({ snapshotDetails }) => snapshotDetails.count,
  ],
];

const leftOut = family(
  'volumes_left_out',
  'Volumes without series of their own: there are more than metrics.max_volumes. The largest have some.',
);

export const VOLUME_FAMILIES = [...NUMBERS.map(([each]) => each), leftOut];

/** Series of single volumes, for so many of them at most: the largest, with their snapshots. None at all where that is zero. */
export function volumeMeasures(
  volumes: readonly VolumeAnalysis[],
  most: number,
): readonly Measured[] {
  if (most <= 0) return [];
  const shown = volumes.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, most);
  return [
    ...NUMBERS.map(([each, valueOf]) => measured(each, knownOf(shown, labelsOf, valueOf))),
    single(leftOut, volumes.length - shown.length),
  ];
}

function sizeOf({ used, snapshots }: VolumeAnalysis): number {
  return used + snapshots;
}

function labelsOf(each: VolumeAnalysis): readonly (string | null)[] {
  const { cluster, volume, namespace, claim, storageClass, system, pool } = each;
  return [cluster, volume, namespace, claim, storageClass, system, pool];
}
