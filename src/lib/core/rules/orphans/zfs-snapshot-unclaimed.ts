import { datasetsById } from '../../correlate/listed-by.ts';
import { awaiting, condition, type Check } from '../../model/check.ts';
import { COMPLETE } from '../../model/coverage.ts';
import { lazy } from '../../model/lazy.ts';
import { type Remedy } from '../../model/remedy.ts';
import { defineRule, type SubjectFacts } from '../../model/rule.ts';
import { refToSnapshot } from '../../model/subjects.ts';
import { type Dataset, type ZfsSnapshot } from '../../model/truenas.ts';
import { bytes } from '../../model/units.ts';
import { absenceOf } from '../checks/absence.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { mayBeDriverSnapshot, SnapshotCensus, takenByDriver } from '../checks/driver-snapshot.ts';
import { mindOfDoubts } from '../checks/doubts.ts';
import { datasetFacts, facts, isApproximate } from '../checks/facts.ts';
import { noClone, noHold } from '../checks/leaning.ts';
import { noForeignOwner, notOlderThanCluster, ours } from '../checks/ownership.ts';
import { notLostByRestore, plausibleLosses } from '../checks/plausible-world.ts';
import { noReplication } from '../checks/replication.ts';
import { noClassKeeps } from '../checks/retained.ts';
import {
  SNAPSHOT_USER_SOURCES,
  snapshotNotUsed,
  snapshotUsersAgain,
} from '../checks/snapshot-users.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { signsOf } from '../checks/unclaimed.ts';
import { suspectsAmong } from '../checks/suspects.ts';

function remedyFor({ id }: ZfsSnapshot): Remedy {
  return {
    action: 'delete-zfs-snapshot',
    safe: true,
    steps: [
      'Make sure that nobody kept it on purpose: with deletion policy Retain it outlives its VolumeSnapshot.',
      `Check once more that ${id} has no clone and no hold.`,
      'Delete it without the recursive and defer options, and check that it is gone.',
    ],
    command: null,
  };
}

function factsOf(
  snapshot: ZfsSnapshot,
  dataset: Dataset,
  datasetIsUsed: boolean,
  checks: readonly Check[],
): SubjectFacts {
  const { details, id } = snapshot;
  return facts({
    ...(details && {
      createdAt: details.createdAt,
      size: details.referenced?.bytes ?? null,
      // The figure of a forgotten dataset already holds what its snapshots hold.
      reclaimable: bytes(datasetIsUsed ? (details.used?.bytes ?? 0) : 0),
      approximate: isApproximate(details.used, details.referenced),
    }),
    truenasReference: id,
    kubernetesReference: datasetFacts(dataset).kubernetesReference,
    remedy: mindOfDoubts(remedyFor(snapshot), checks),
  });
}

function origin({ details }: ZfsSnapshot): {
  readonly instanceId: string | null;
  readonly createdAt: Date | null;
} {
  return {
    instanceId: details?.properties.instanceId ?? null,
    createdAt: details?.createdAt ?? null,
  };
}

export const zfsSnapshotUnclaimed = defineRule({
  id: 'zfs-snapshot-unclaimed',
  category: 'orphan',
  severity: 'medium',
  title: 'ZFS snapshot of a driver without a VolumeSnapshotContent',
  scope: 'system',
  subjects: ['ZfsSnapshot'],
  // A snapshot cannot be put aside: that nobody missed it for long enough takes the place of a quarantine.
  remembers: true,
  requires: [
    'zfsSnapshots',
    'snapshotLinks',
    'datasets',
    'volumeLinks',
    'parents',
    'storage',
    'clusters',
  ],
  consults: ['replications', 'volumeSnapshotClasses', ...SNAPSHOT_USER_SOURCES],

  *evaluate(evidence, context) {
    const { zfsSnapshots, snapshotLinks, datasets, volumeLinks, parents, storage, clusters } =
      evidence;
    const { exports } = evidence;
    const census = lazy(
      () => new SnapshotCensus(zfsSnapshots, (snapshot) => snapshotLinks.isClaimed(snapshot)),
    );
    const isUnclaimed = (snapshot: ZfsSnapshot): boolean => !snapshotLinks.isClaimed(snapshot);
    for (const snapshot of suspectsAmong(zfsSnapshots, context, isUnclaimed)) {
      const claimed = !isUnclaimed(snapshot);
      if (!mayBeDriverSnapshot(snapshot)) continue;
      const { system, id } = snapshot;
      const dataset = datasetsById(datasets).get(snapshot.dataset);
      const parent = parents.parentOf(system, snapshot.dataset);
      if (dataset === undefined || parent === undefined) continue;
      if (!volumeLinks.isManaged(dataset)) continue;
      yield {
        subject: refToSnapshot(snapshot),
        place: { system, path: snapshot.dataset },
        premise: condition(
          'no-content-refers',
          !claimed,
          () => snapshotLinks.claimantOf(snapshot.name) ?? 'none in any registered cluster',
        ),
        checks: () => {
          const { instanceId, createdAt } = origin(snapshot);
          const signs = signsOf(dataset, instanceId, exports.value);
          return [
            ...takenByDriver(snapshot),
            snapshot.details === null
              ? awaiting('older-than-threshold', 'the snapshot was not looked at')
              : olderThanThreshold(createdAt, context, 'taken'),
            storageReadable(storage, system, snapshot.dataset),
            ours(signs, parent),
            exports.coverage.state === 'complete'
              ? noForeignOwner(signs, parent, parents)
              : absenceOf('no-foreign-owner', [], [exports.coverage]),
            notOlderThanCluster({ createdAt, instanceId }, parent, clusters),
            notLostByRestore(
              { createdAt, instanceId },
              parent,
              clusters,
              volumeLinks,
              context.policy,
            ),
            census().plausibleAt(parent.path, context.policy),
            plausibleLosses(volumeLinks, parent, context.policy),
            noClone(volumeLinks.clonesOfSnapshot(system, id)),
            noHold([snapshot], COMPLETE),
            noReplication(snapshot, evidence.replications),
            snapshotNotUsed(dataset, snapshot, evidence),
            noClassKeeps(false, parent, evidence.volumeSnapshotClasses),
          ];
        },
        message: 'no VolumeSnapshotContent in any registered cluster refers to this snapshot',
        lookups: () => [
          { kind: 'snapshot', system, id },
          poolsAgain(system),
          { kind: 'dataset', system, id: snapshot.dataset },
          { kind: 'cluster-list', source: 'volumeSnapshotContents' },
          { kind: 'cluster-list', source: 'volumeSnapshots' },
          ...snapshotUsersAgain(system),
        ],
        facts: (checks) =>
          factsOf(snapshot, dataset, volumeLinks.usersOf(dataset).length > 0, checks),
      };
    }
  },
});
