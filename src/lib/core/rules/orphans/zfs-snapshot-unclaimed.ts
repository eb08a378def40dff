import { leafName } from '../../correlate/paths.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { COMPLETE } from '../../model/coverage.ts';
import { defineRule, type SubjectFacts } from '../../model/rule.ts';
import { refToSnapshot } from '../../model/subjects.ts';
import { type Dataset, type ReplicationTask, type ZfsSnapshot } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { facts, isApproximate } from '../checks/facts.ts';
import { noHold } from '../checks/leaning.ts';
import { noForeignOwner, notOlderThanCluster, ours } from '../checks/ownership.ts';
import { storageReadable } from '../checks/storage.ts';

/**
 * Drivers name a snapshot after the uid of its VolumeSnapshot. Periodic tasks, replication and people do not, so this
 * spares a look at each of theirs; whether the driver really took it is read from the snapshot itself.
 */
const UID_AT_END = /-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Left by the driver while it copies a volume; they are no CSI snapshots. */
const TEMPORARY = /^volume-source-for-/;

/** Every property is inherited from the dataset, so only a name that agrees with its own snapshot proves anything. */
function takenByDriver({ details, name }: ZfsSnapshot): boolean | undefined {
  return details === null ? undefined : details.properties.csiSnapshotName === name;
}

function sourceMatches({ details, dataset }: ZfsSnapshot): boolean | undefined {
  return details === null
    ? undefined
    : details.properties.csiSnapshotSourceVolumeId === leafName(dataset);
}

function neededBy(tasks: readonly ReplicationTask[], snapshot: ZfsSnapshot): string[] {
  return tasks
    .filter(
      ({ system, sources, recursive }) =>
        system === snapshot.system &&
        sources.some(
          (source) =>
            source === snapshot.dataset || (recursive && snapshot.dataset.startsWith(`${source}/`)),
        ),
    )
    .map(({ name }) => name);
}

export const zfsSnapshotUnclaimed = defineRule({
  id: 'zfs-snapshot-unclaimed',
  category: 'orphan',
  severity: 'medium',
  title: 'ZFS snapshot of a driver without a VolumeSnapshotContent',
  scope: 'system',
  subjects: ['ZfsSnapshot'],
  requires: [
    'zfsSnapshots',
    'snapshotLinks',
    'datasets',
    'volumeLinks',
    'parents',
    'storage',
    'clusters',
  ],
  consults: ['replicationTasks'],

  *evaluate(evidence, context) {
    const { zfsSnapshots, snapshotLinks, volumeLinks, parents, storage } = evidence;
    const byId = new Map(evidence.datasets.map((dataset) => [dataset.id, dataset]));
    const unclaimed = countUnclaimed(
      zfsSnapshots,
      (name) => snapshotLinks.claimantOf(name) === undefined,
    );
    for (const snapshot of zfsSnapshots) {
      const parent = parents.parentOf(snapshot.system, snapshot.dataset);
      const dataset = byId.get(snapshot.dataset);
      if (parent === undefined || dataset === undefined || !volumeLinks.isManaged(dataset))
        continue;
      const { details, system, id, name } = snapshot;
      if (!UID_AT_END.test(name) || TEMPORARY.test(name)) continue;
      const claimant = snapshotLinks.claimantOf(name);
      const checks: Check[] = [
        condition(
          'no-content-refers',
          claimant === undefined,
          claimant ?? 'none in any registered cluster',
        ),
      ];
      if (claimant === undefined) {
        const tasks = neededBy(evidence.replicationTasks.items, snapshot);
        const clones = volumeLinks.clonesOfSnapshot(system, id);
        const instanceId = details?.properties.instanceId ?? null;
        checks.push(
          condition(
            'taken-by-driver',
            takenByDriver(snapshot),
            'its own csi_snapshot_name equals its name',
          ),
          condition(
            'source-matches',
            sourceMatches(snapshot),
            'its own source volume is the dataset it lies on',
          ),
          olderThanThreshold(details?.createdAt ?? null, context, 'taken'),
          storageReadable(storage, system, snapshot.dataset),
          ours(instanceId, parent),
          noForeignOwner({ instanceId, comments: [] }, parent, parents),
          notOlderThanCluster(details?.createdAt ?? null, parent, evidence.clusters),
          assurance('few-unclaimed-at-once', unclaimed.plausible(parent.path, context.policy), () =>
            unclaimed.describe(parent.path),
          ),
          assurance(
            'no-clone',
            clones.length === 0,
            () => clones.map((clone) => clone.id).join(', ') || 'none',
          ),
          noHold([snapshot], COMPLETE),
          assurance(
            'no-replication',
            tasks.length > 0
              ? false
              : evidence.replicationTasks.coverage.state === 'complete'
                ? true
                : undefined,
            () =>
              tasks.length > 0 ? `may be needed by ${tasks.join(', ')}` : 'none sends this dataset',
          ),
        );
      }
      yield {
        subject: refToSnapshot(snapshot),
        checks,
        message: 'no VolumeSnapshotContent in any registered cluster refers to this snapshot',
        lookups: [
          { kind: 'snapshot', system, id },
          { kind: 'dataset', system, id: snapshot.dataset },
          { kind: 'cluster-list', source: 'volumeSnapshotContents' },
          { kind: 'cluster-list', source: 'volumeSnapshots' },
        ],
        facts: () => factsOf(snapshot, dataset, volumeLinks.usersOf(dataset).length > 0),
      };
    }
  },
});

function factsOf(snapshot: ZfsSnapshot, dataset: Dataset, datasetUsed: boolean): SubjectFacts {
  const { details } = snapshot;
  const used = details?.used?.bytes ?? bytes(0);
  return facts({
    createdAt: details?.createdAt ?? null,
    size: details?.referenced?.bytes ?? null,
    // A forgotten dataset already counts what its snapshots hold.
    reclaimable: datasetUsed ? used : bytes(0),
    approximate: isApproximate(details?.used, details?.referenced),
    truenasReference: snapshot.id,
    kubernetesReference:
      dataset.properties.claim &&
      `${dataset.properties.claim.namespace}/${dataset.properties.claim.name}`,
    remedy: {
      action: 'delete-zfs-snapshot',
      safe: true,
      steps: [
        'Make sure that nobody kept it on purpose: with deletion policy Retain the snapshot outlives its VolumeSnapshot.',
        `Check that ${snapshot.id} has no clone and no hold.`,
        'Delete it without the recursive and defer options, and check that it is gone.',
      ],
      command: null,
    },
  });
}

interface Unclaimed {
  plausible(
    parent: string,
    policy: { implausibleCount: number; implausibleShare: number },
  ): boolean;
  describe(parent: string): string;
}

/** How many of the drivers' snapshots below each parent nobody claims: too many at once, and the cluster is the wrong one. */
function countUnclaimed(
  snapshots: readonly ZfsSnapshot[],
  isUnclaimed: (name: string) => boolean,
): Unclaimed {
  const counts = new Map<string, { all: number; unclaimed: number }>();
  for (const { dataset, name } of snapshots) {
    if (!UID_AT_END.test(name) || TEMPORARY.test(name)) continue;
    const parent = dataset.slice(0, Math.max(dataset.lastIndexOf('/'), 0));
    const count = counts.get(parent) ?? { all: 0, unclaimed: 0 };
    count.all += 1;
    if (isUnclaimed(name)) count.unclaimed += 1;
    counts.set(parent, count);
  }
  const of = (parent: string) => counts.get(parent) ?? { all: 0, unclaimed: 0 };
  return {
    plausible: (parent, policy) => {
      const { all, unclaimed } = of(parent);
      return unclaimed < policy.implausibleCount || unclaimed <= all * policy.implausibleShare;
    },
    describe: (parent) =>
      `${of(parent).unclaimed} of ${of(parent).all} driver snapshots below ${parent} are unclaimed`,
  };
}
