import { type ExportIndex } from '../../correlate/match-shares.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { leafName, targetNameOf } from '../../correlate/paths.ts';
import { assurance, note, type Check } from '../../model/check.ts';
import { type Listing } from '../../model/coverage.ts';
import { type Consulted } from '../../model/rule.ts';
import {
  type Dataset,
  type IscsiSession,
  type ReplicationTask,
  type SnapshotTask,
  type ZfsSnapshot,
} from '../../model/truenas.ts';

/*
 * Whether anything leans on a dataset that looks forgotten. A source that was not read whole can show that
 * something does, never that nothing does: then the check is unknown.
 */

/** `undefined` unless something was found, or everything was read. */
function none(found: number, coverage: Listing<never>['coverage']): boolean | undefined {
  if (found > 0) return false;
  return coverage.state === 'complete' ? true : undefined;
}

function describe(
  what: string,
  items: readonly string[],
  listing: Pick<Listing<never>, 'coverage'>,
): string {
  if (items.length > 0)
    return `${what} ${items.slice(0, 3).join(', ')}${items.length > 3 ? ', …' : ''}`;
  const { coverage } = listing;
  return coverage.state === 'complete' ? 'none' : `could not be read: ${coverage.reason}`;
}

export function noClone(dataset: Dataset, volumeLinks: VolumeLinks): Check {
  const clones = volumeLinks.clonesOf(dataset);
  return assurance('no-clone', clones.length === 0, () =>
    clones.length === 0 ? 'none' : `cloned into ${clones.map(({ id }) => id).join(', ')}`,
  );
}

/** Sessions name the target, so they lean on whichever zvol it maps. */
export function noSession(
  dataset: Dataset,
  exports: Consulted<'exports'>,
  sessions: Consulted<'iscsiSessions'>,
): Check {
  if (dataset.kind === 'filesystem')
    return note('no-nfs-client', undefined, 'NFS and SMB clients cannot be read per dataset');
  const targets = new Set(
    exports.value
      .extentsOf(dataset)
      .flatMap(({ targets: mapped }) => mapped.map(({ name }) => name)),
  );
  const open = sessions.items.filter((session) => leadsTo(session, dataset, targets));
  const coverage = exports.coverage.state === 'complete' ? sessions.coverage : exports.coverage;
  return assurance('no-iscsi-session', none(open.length, coverage), () =>
    describe(
      'session from',
      open.map(({ initiator }) => initiator),
      { coverage },
    ),
  );
}

function leadsTo(session: IscsiSession, dataset: Dataset, targets: ReadonlySet<string>): boolean {
  return session.system === dataset.system && targets.has(targetNameOf(session.target));
}

export function noInlineVolume(
  dataset: Dataset,
  volumeLinks: VolumeLinks,
  pods: Consulted<'pods'>,
): Check {
  const users = volumeLinks.usersOf(dataset).filter(({ kind }) => kind === 'inline-volume');
  return assurance('no-inline-volume', none(users.length, pods.coverage), () =>
    describe(
      'mounted by pod',
      users.map(({ name }) => name),
      pods,
    ),
  );
}

/** A snapshot somebody in Kubernetes still counts on dies with its dataset. */
export function noClaimedSnapshot(dataset: Dataset, links: Consulted<'snapshotLinks'>): Check {
  const claimed = links.value
    .snapshotsOf(dataset)
    .filter(({ name }) => links.value.claimantOf(name) !== undefined);
  return assurance('no-claimed-snapshot', none(claimed.length, links.coverage), () =>
    describe(
      'claimed:',
      claimed.map(({ name }) => name),
      links,
    ),
  );
}

/** Holds are known only of snapshots that were looked up. */
export function noHold(
  snapshots: readonly ZfsSnapshot[],
  coverage: Listing<never>['coverage'],
): Check {
  const held = snapshots.filter(({ details }) => (details?.holds?.length ?? 0) > 0);
  const unseen = snapshots.some(({ details }) => details === null || details.holds === null);
  const holds = held.length > 0 ? false : unseen ? undefined : none(0, coverage);
  return assurance('no-hold', holds, () =>
    unseen && held.length === 0
      ? 'holds of its snapshots could not be read'
      : describe(
          'held:',
          held.map(({ name }) => name),
          { coverage },
        ),
  );
}

/** Exports that are not the volume's own: another path's share, an extent or target of another name. */
export function noForeignExport(dataset: Dataset, exports: Consulted<'exports'>): Check {
  const foreign = foreignExports(dataset, exports.value);
  return assurance('no-foreign-export', none(foreign.length, exports.coverage), () =>
    describe('exported as', foreign, exports),
  );
}

function foreignExports(dataset: Dataset, exports: ExportIndex): string[] {
  const names: string[] = [];
  const shares = exports.nfsSharesOf(dataset);
  for (const share of shares) {
    const recorded = String(share.id) === dataset.properties.nfsShareId;
    const own = recorded || shares.length === 1 || share.comment.includes(dataset.id);
    if (!own) names.push(`NFS share ${share.id} (${share.comment || 'no comment'})`);
  }
  for (const share of exports.smbSharesOf(dataset)) {
    if (!share.name.toLowerCase().includes(leafName(dataset.id).toLowerCase()))
      names.push(`SMB share ${share.name}`);
  }
  const asset = (dataset.properties.iscsiAssetsName ?? leafName(dataset.id)).toLowerCase();
  for (const { extent, targets } of exports.extentsOf(dataset)) {
    if (!isOwnAsset(extent.name, asset)) names.push(`extent ${extent.name}`);
    for (const { name } of targets) if (!isOwnAsset(name, asset)) names.push(`target ${name}`);
  }
  return names;
}

/** Names carry prefixes and suffixes of the driver's configuration, and are cut at 64 characters. */
function isOwnAsset(name: string, asset: string): boolean {
  const lower = name.toLowerCase();
  return lower.includes(asset) || (lower.length >= 64 && asset.startsWith(lower));
}

/** Only a task that names this very dataset leans on it; an inherited recursive one is worth knowing, no more. */
export function noTask(
  dataset: Dataset,
  snapshotTasks: Consulted<'snapshotTasks'>,
  replicationTasks: Consulted<'replicationTasks'>,
): Check {
  const naming = [
    ...snapshotTasks.items
      .filter((task) => isOn(task, dataset) && task.dataset === dataset.id)
      .map(({ id }) => `snapshot task ${id}`),
    ...replicationTasks.items
      .filter((task) => isOn(task, dataset) && replicates(task, dataset))
      .map(({ name }) => `replication ${name}`),
  ];
  const coverage =
    snapshotTasks.coverage.state === 'complete'
      ? replicationTasks.coverage
      : snapshotTasks.coverage;
  return assurance('no-task', none(naming.length, coverage), () =>
    describe('named by', naming, { coverage }),
  );
}

function isOn(task: SnapshotTask | ReplicationTask, dataset: Dataset): boolean {
  return task.system === dataset.system;
}

function replicates(task: ReplicationTask, dataset: Dataset): boolean {
  return task.sources.includes(dataset.id) || task.target === dataset.id;
}
