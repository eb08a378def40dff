import { type ParentUse } from '../../correlate/parent-use.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { type ExportIndex } from '../../correlate/match-shares.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { WORKLOAD_LISTS } from '../../correlate/sources.ts';
import { type Check } from '../../model/check.ts';
import { type ClusterIdentity } from '../../model/inventory.ts';
import { type Consulted, type Lookup, type RuleContext } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import {
  noClaimedSnapshot,
  noChild,
  noClone,
  noForeignExport,
  noHold,
  noInlineVolume,
  noNvmeSession,
  noOtherUse,
  noSession,
  notKeptOnPurpose,
} from './leaning.ts';
import { noTask } from './replication.ts';
import { snapshotsSeen } from './snapshots-seen.ts';
import { poolsAgain } from './storage.ts';
import {
  noForeignOwner,
  notOlderThanCluster,
  ours,
  plausibleShare,
  type OwnerSigns,
} from './ownership.ts';
import { notLostByRestore, plausibleLosses } from './plausible-world.ts';

/** What has to be looked at before a dataset may be called forgotten for certain. */
export interface Surroundings {
  readonly clusters: readonly ClusterIdentity[];
  readonly parents: ParentIndex;
  readonly volumeLinks: VolumeLinks;
  readonly exports: Consulted<'exports'>;
  readonly smbShares: Consulted<'smbShares'>;
  readonly snapshotLinks: Consulted<'snapshotLinks'>;
  readonly iscsiSessions: Consulted<'iscsiSessions'>;
  readonly nvmetNamespaces: Consulted<'nvmetNamespaces'>;
  readonly nvmetSessions: Consulted<'nvmetSessions'>;
  readonly claimUse: Consulted<'claimUse'>;
  readonly snapshotTasks: Consulted<'snapshotTasks'>;
  readonly replications: Consulted<'replications'>;
}

/** The consulted sources behind `Surroundings`, for a rule to name. */
export const SURROUNDING_SOURCES = [
  'exports',
  'smbShares',
  'snapshotLinks',
  'iscsiSessions',
  'nvmetNamespaces',
  'nvmetSessions',
  'claimUse',
  'snapshotTasks',
  'replications',
] as const;

/**
 * What a dataset, and what exports it, show of who made it.
 *
 * @param instanceId of the dataset, or of a snapshot of it
 */
export function signsOf(
  dataset: Dataset,
  instanceId: string | null,
  exports: ExportIndex,
): OwnerSigns {
  const shares = exports.nfsSharesOf(dataset);
  return {
    instanceId,
    comments: shares.map(({ comment }) => comment),
    exported:
      shares.length > 0 ||
      exports.smbSharesOf(dataset).length > 0 ||
      exports.extentsOf(dataset).length > 0 ||
      exports.namespacesOf(dataset).length > 0,
  };
}

interface KnownBesides {
  /** Of its parent, as far as it counts. */
  readonly use: ParentUse;
  /** That a driver made it on this very system, and it is no replica. */
  readonly madeHere: boolean;
}

/**
 * Checks that a dataset nobody claims is for the registered clusters to claim, and that those are the right ones.
 *
 * @param known what is known beyond what the dataset shows
 */
export function ownedByRegistered(
  dataset: Dataset,
  parent: KnownParent,
  around: Pick<Surroundings, 'clusters' | 'parents' | 'volumeLinks'> & {
    readonly exports: ExportIndex;
  },
  { policy }: Pick<RuleContext, 'policy'>,
  known: KnownBesides = { use: around.volumeLinks.useOf(parent), madeHere: false },
): readonly Check[] {
  const { clusters, volumeLinks } = around;
  const shown = signsOf(dataset, dataset.properties.instanceId, around.exports);
  const signs = { ...shown, exported: shown.exported || known.madeHere };
  const origin = { createdAt: dataset.createdAt, instanceId: signs.instanceId };
  return [
    ours(signs, parent),
    noForeignOwner(signs, parent, around.parents),
    notOlderThanCluster(origin, parent, clusters),
    notLostByRestore(origin, parent, clusters, volumeLinks, policy),
    plausibleShare(known.use, parent, policy),
    plausibleLosses(volumeLinks, parent, policy),
  ];
}

/** Checks that make a dataset nobody claims a certain orphan: it is ours, nothing leans on it, the world is plausible. */
export function certainlyForgotten(
  dataset: Dataset,
  parent: KnownParent,
  around: Surroundings,
  context: Pick<RuleContext, 'policy'>,
): readonly Check[] {
  const { volumeLinks, exports, snapshotLinks } = around;
  return [
    ...ownedByRegistered(dataset, parent, { ...around, exports: exports.value }, context),
    noClone(volumeLinks.clonesOf(dataset)),
    noChild(volumeLinks.childrenOf(dataset)),
    notKeptOnPurpose(dataset, parent),
    noHold(snapshotLinks.value.snapshotsOf(dataset), snapshotsSeen(dataset, snapshotLinks)),
    noClaimedSnapshot(dataset, snapshotLinks),
    noSession(dataset, exports, around.iscsiSessions),
    ...noNvmeSession(dataset, exports, around.nvmetNamespaces, around.nvmetSessions),
    noInlineVolume(dataset, volumeLinks, around.claimUse),
    noForeignExport(dataset, exports, around.smbShares, around.nvmetNamespaces),
    noTask(dataset, around.snapshotTasks, around.replications),
    noOtherUse(dataset),
  ];
}

/** Pods and what makes them: each may mount a path that no PersistentVolume names. */
export function podMakersAgain(): readonly Lookup[] {
  return (['pods', ...WORKLOAD_LISTS] as const).map((source) => ({ kind: 'cluster-list', source }));
}

/** What the second read has to see of such a dataset: that nobody has come to claim it, itself, and its snapshots' holds. */
export function lookupsFor(
  dataset: Dataset,
  snapshotLinks: Consulted<'snapshotLinks'>,
): readonly Lookup[] {
  const { system, id } = dataset;
  return [
    { kind: 'cluster-list', source: 'persistentVolumes' },
    ...podMakersAgain(),
    { kind: 'cluster-list', source: 'volumeSnapshotContents' },
    { kind: 'cluster-list', source: 'volumeSnapshots' },
    { kind: 'system-list', system, source: 'iscsiSessions' },
    { kind: 'system-list', system, source: 'nvmetSessions' },
    { kind: 'dataset', system, id },
    poolsAgain(system),
    ...snapshotLinks.value
      .snapshotsOf(dataset)
      .map((snapshot): Lookup => ({ kind: 'snapshot', system, id: snapshot.id })),
  ];
}
