import { type KnownParent } from '../../correlate/known-parent.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { leafName, targetKey } from '../../correlate/paths.ts';
import { assurance, note, type Check } from '../../model/check.ts';
import { COMPLETE, partial, type Coverage } from '../../model/coverage.ts';
import { type Consulted } from '../../model/rule.ts';
import { type Dataset, type DatasetAttachment, type ZfsSnapshot } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';
import { foreignExportsOf } from './foreign-exports.ts';
import { snapshotsSeen } from './snapshots-seen.ts';

/*
 * Whether anything leans on a dataset that looks forgotten.
 */

export function noClone(clones: readonly Dataset[]): Check {
  return assurance('no-clone', clones.length === 0, () =>
    clones.length === 0 ? 'none' : `cloned into ${clones.map(({ id }) => id).join(', ')}`,
  );
}

/** A driver makes no dataset below a volume, so that one there is somebody's. */
export function noChild(children: readonly string[]): Check {
  return absenceOf('no-child-dataset', children, []);
}

/** Drivers can be told to leave a volume on the NAS when its PersistentVolume goes: each on the volume, or all of them. */
export function notKeptOnPurpose({ properties }: Dataset, parent: KnownParent): Check {
  const check = (holds: boolean | undefined, detail: string): Check =>
    assurance('not-kept-on-purpose', holds, detail);
  if (properties.keptOnPurpose || parent.keepsDeleted === true) {
    return check(false, 'its driver was told to retain it');
  }
  return parent.keepsDeleted === null
    ? check(undefined, 'the configuration of its driver could not be read')
    : check(true, 'nothing on it, nor what may be read of its driver, says to keep it');
}

/** Sessions name the target, so they lean on whichever zvol it serves. */
export function noSession(
  dataset: Dataset,
  exports: Consulted<'exports'>,
  sessions: Consulted<'iscsiSessions'>,
): Check {
  if (dataset.kind === 'filesystem') {
    return note('no-nfs-client', undefined, 'NFS and SMB clients cannot be read per dataset');
  }
  const served = exports.value.extentsOf(dataset).flatMap(({ targets }) => targets);
  const names = new Set(served.map(({ name }) => targetKey(name)));
  const open = sessions.items.filter(
    ({ system, target }) => system === dataset.system && names.has(targetKey(target)),
  );
  return absenceOf(
    'no-iscsi-session',
    open.map(({ initiator }) => initiator),
    [exports.coverage, sessions.coverage],
  );
}

/** Sessions name the subsystem by its id, so they lean on every zvol it serves. */
export function noNvmeSession(
  dataset: Dataset,
  exports: Consulted<'exports'>,
  namespaces: Consulted<'nvmetNamespaces'>,
  sessions: Consulted<'nvmetSessions'>,
): readonly Check[] {
  if (dataset.kind === 'filesystem') return [];
  const serving = new Set(
    exports.value.namespacesOf(dataset).map(({ namespace }) => namespace.subsystemId),
  );
  const open = sessions.items.filter(
    ({ system, subsystemId }) => system === dataset.system && serving.has(subsystemId),
  );
  return [
    absenceOf(
      'no-nvme-session',
      open.map(({ host }) => host),
      [namespaces.coverage, sessions.coverage],
    ),
  ];
}

/** Whether each name that a volume gives could be followed to a dataset: where one could not, any dataset may be its own. */
export function namesFollowed({ unfollowed }: VolumeLinks): Coverage {
  return unfollowed === undefined ? COMPLETE : partial(unfollowed);
}

/**
 * A volume written into a pod, or into the template of one that runs now and then, claims a dataset like any other; that
 * there is none is known only where all of them are, and where each volume's own name led to its dataset.
 */
export function noInlineVolume(
  dataset: Dataset,
  volumeLinks: VolumeLinks,
  claimUse: Consulted<'claimUse'>,
): Check {
  const users = volumeLinks.usersOf(dataset);
  return absenceOf(
    'no-inline-volume',
    users.map(({ name }) => name),
    [claimUse.coverage, namesFollowed(volumeLinks)],
  );
}

/**
 * A snapshot somebody in Kubernetes still counts on dies with its dataset. A content counts on it even where no list shows the
 * snapshot: a key may see datasets and no snapshots.
 */
export function noClaimedSnapshot(dataset: Dataset, links: Consulted<'snapshotLinks'>): Check {
  const claimed = links.value
    .snapshotsOf(dataset)
    .filter((snapshot) => links.value.isClaimed(snapshot));
  const names = claimed.map(({ name }) => name);
  const unseen = links.value.contentNaming(leafName(dataset.id));
  const others = unseen === undefined ? [] : [`content ${unseen}`];
  return absenceOf('no-claimed-snapshot', names.length > 0 ? names : others, [
    snapshotsSeen(dataset, links),
  ]);
}

/** Holds are known only of snapshots that were looked up one by one. */
export function noHold(snapshots: readonly ZfsSnapshot[], coverage: Coverage): Check {
  const held = snapshots.filter(({ details }) => (details?.holds?.length ?? 0) > 0);
  const unseen = snapshots.filter(({ details }) => (details?.holds ?? null) === null);
  const seen: Coverage =
    unseen.length === 0
      ? coverage
      : { state: 'partial', reason: `holds of ${unseen.length} snapshots are not known` };
  return absenceOf(
    'no-hold',
    held.map(
      ({ name, details }) => `snapshot ${name} is held by ${(details?.holds ?? []).join(', ')}`,
    ),
    [seen],
  );
}

export function noForeignExport(
  dataset: Dataset,
  exports: Consulted<'exports'>,
  smbShares: Consulted<'smbShares'>,
  nvmetNamespaces: Consulted<'nvmetNamespaces'>,
): Check {
  return absenceOf('no-foreign-export', foreignExportsOf(dataset, exports.value), [
    exports.coverage,
    smbShares.coverage,
    nvmetNamespaces.coverage,
  ]);
}

/** Kinds of use that have checks of their own, which tell the volume's own from others'. */
const JUDGED_ELSEWHERE = /^(?:nfs|smb|iscsi|nvme|(?:periodic )?snapshot|replication)/i;

/**
 * TrueNAS itself uses datasets in more ways than shares: disks of virtual machines, paths of apps, rsync and cloud tasks. It tells
 * of all that are enabled when it is asked for one dataset; null where it was not.
 */
export function otherUsesOf({ attachments }: Dataset): readonly DatasetAttachment[] | null {
  return attachments?.filter(({ type }) => !JUDGED_ELSEWHERE.test(type)) ?? null;
}

export function noOtherUse(dataset: Dataset): Check {
  const others = otherUsesOf(dataset);
  return absenceOf(
    'no-other-use',
    (others ?? []).map(({ type, names }) => [type, ...names].join(' ')),
    [others === null ? partial('what else uses it on TrueNAS is not known') : COMPLETE],
  );
}
