import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { type Check } from '../../model/check.ts';
import { type Consulted, type Lookup } from '../../model/rule.ts';
import { type Dataset, type ZfsSnapshot } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { namesFollowed } from './leaning.ts';
import { podMakersAgain } from './unclaimed.ts';

/*
 * Who uses a snapshot itself, and not its volume: somebody restores from one by mounting it.
 */

interface Around {
  readonly volumeLinks: VolumeLinks;
  readonly exports: Consulted<'exports'>;
  readonly smbShares: Consulted<'smbShares'>;
  readonly nvmetNamespaces: Consulted<'nvmetNamespaces'>;
  readonly claimUse: Consulted<'claimUse'>;
}

/** The consulted sources behind it, for a rule to name. */
export const SNAPSHOT_USER_SOURCES = [
  'exports',
  'smbShares',
  'nvmetNamespaces',
  'claimUse',
] as const;

const EXPORT_LISTS = ['nfsShares', 'smbShares', 'iscsiExtents', 'nvmetNamespaces'] as const;

/** That no volume and no pod mounts the snapshot, and nothing exports it. */
export function snapshotNotUsed(
  dataset: Dataset,
  { name }: ZfsSnapshot,
  { volumeLinks, exports, smbShares, nvmetNamespaces, claimUse }: Around,
): Check {
  return absenceOf(
    'snapshot-not-used',
    [
      ...volumeLinks.snapshotUsersOf(dataset, name),
      ...exports.value.exportsOfSnapshot(dataset, name),
    ],
    [
      exports.coverage,
      smbShares.coverage,
      nvmetNamespaces.coverage,
      claimUse.coverage,
      namesFollowed(volumeLinks),
    ],
  );
}

export function snapshotUsersAgain(system: string): readonly Lookup[] {
  return [
    { kind: 'cluster-list', source: 'persistentVolumes' },
    ...podMakersAgain(),
    ...EXPORT_LISTS.map((source): Lookup => ({ kind: 'system-list', system, source })),
  ];
}
