import { datasetsById } from '../../correlate/listed-by.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { parentPath } from '../../correlate/paths.ts';
import { isNamedByDriver, isTemporarySnapshot } from '../../correlate/temporary-snapshot.ts';
import { assurance, awaiting, condition, note, type Check } from '../../model/check.ts';
import { COMPLETE } from '../../model/coverage.ts';
import { defineRule, type Lookup, type RuleContext, type SubjectFacts } from '../../model/rule.ts';
import { refToSnapshot } from '../../model/subjects.ts';
import { type ZfsSnapshot } from '../../model/truenas.ts';
import { bytes, millis } from '../../model/units.ts';
import { absenceOf } from '../checks/absence.ts';
import { olderThanThreshold } from '../checks/age.ts';
import { facts, isApproximate } from '../checks/facts.ts';
import { noHold } from '../checks/leaning.ts';
import { noForeignOwner, ours } from '../checks/ownership.ts';
import { noReplication } from '../checks/replication.ts';
import { noRunningJob } from '../checks/running-job.ts';
import {
  SNAPSHOT_USER_SOURCES,
  snapshotNotUsed,
  snapshotUsersAgain,
} from '../checks/snapshot-users.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { signsOf } from '../checks/unclaimed.ts';

/** The parent whose driver takes snapshots of a dataset: a volume, or a detached copy of one. */
function homeOf({ system, dataset }: ZfsSnapshot, parents: ParentIndex): KnownParent | undefined {
  return (
    parents.parentOf(system, dataset) ??
    parents.detachedParentOf(system, parentPath(dataset)) ??
    parents.detachedParentOf(system, dataset)
  );
}

/** A detached copy of a large volume takes hours, and its temporary snapshot is needed until the end. */
const LEAST_AGE = millis(24 * 3_600_000);

function oldEnough({ details }: ZfsSnapshot, { now, policy }: RuleContext): Check {
  if (details === null) return awaiting('older-than-threshold', 'the snapshot was not looked at');
  const orphanThreshold = millis(Math.max(policy.orphanThreshold, LEAST_AGE));
  return olderThanThreshold(details.createdAt, { now, policy: { ...policy, orphanThreshold } });
}

/**
 * One marked to be destroyed with its last clone shows that there is one, even where it cannot be seen. Some versions do not
 * tell, and need not: without clone and hold such a snapshot would be gone.
 */
function notWaitingForClone({ details }: ZfsSnapshot): Check {
  const id = 'not-waiting-for-clone';
  if (details === null) return awaiting(id, 'the snapshot was not looked at');
  const { deferDestroy } = details;
  if (deferDestroy === null) return note(id, undefined, 'this version of TrueNAS does not tell');
  return condition(id, !deferDestroy, `defer_destroy is ${deferDestroy ? 'on' : 'off'}`);
}

/** What people take of their own is theirs, and may be called much like what a driver leaves. */
function namedByDriver(named: boolean | undefined, { path, drivers }: KnownParent): Check {
  const id = 'named-by-driver';
  if (named === true) return condition(id, true, `as ${drivers.join(', ')} would`);
  return named === false
    ? condition(id, false, `no driver of ${path} gives such a name`)
    : assurance(id, undefined, 'it ends in a name that people may choose as well');
}

/** Clones are only to be found in the list of all datasets, so that it is read again. */
function lookupsFor({ system, id, dataset }: ZfsSnapshot): readonly Lookup[] {
  return [
    { kind: 'snapshot', system, id },
    { kind: 'dataset', system, id: dataset },
    { kind: 'system-list', system, source: 'datasets' },
    { kind: 'system-list', system, source: 'runningJobs' },
    ...snapshotUsersAgain(system),
    poolsAgain(system),
  ];
}

function factsOf({ id, details }: ZfsSnapshot, datasetIsUsed: boolean): SubjectFacts {
  return facts({
    ...(details && {
      createdAt: details.createdAt,
      size: details.referenced?.bytes ?? null,
      // The figure of a forgotten dataset already holds what its snapshots hold.
      reclaimable: bytes(datasetIsUsed ? (details.used?.bytes ?? 0) : 0),
      approximate: isApproximate(details.used, details.referenced),
    }),
    truenasReference: id,
    remedy: {
      action: 'delete-zfs-snapshot',
      safe: true,
      steps: [
        `Check that ${id} has no clone and no hold, and that no replication runs.`,
        'Delete it without the recursive and defer options, so that it stays if a clone has come, and check that it is gone.',
      ],
      command: null,
    },
  });
}

export const tempSnapshotLeftover = defineRule({
  id: 'temp-snapshot-leftover',
  category: 'orphan',
  severity: 'low',
  title: 'Temporary snapshot a driver left behind',
  scope: 'system',
  subjects: ['ZfsSnapshot'],
  // A snapshot cannot be put aside: that nobody missed it for long enough takes the place of a quarantine.
  remembers: true,
  requires: ['zfsSnapshots', 'datasets', 'volumeLinks', 'parents', 'storage'],
  consults: ['runningJobs', 'replications', ...SNAPSHOT_USER_SOURCES],

  *evaluate(
    { zfsSnapshots, datasets, volumeLinks, parents, storage, exports, ...around },
    context,
  ) {
    for (const snapshot of zfsSnapshots) {
      if (!isTemporarySnapshot(snapshot.name)) continue;
      const { system, id } = snapshot;
      const clones = volumeLinks.clonesOfSnapshot(system, id);
      if (context.suspectsOnly && clones.length > 0) continue;
      const parent = homeOf(snapshot, parents);
      const dataset = datasetsById(datasets).get(snapshot.dataset);
      if (parent === undefined || dataset === undefined) continue;
      yield {
        subject: refToSnapshot(snapshot),
        place: { system, path: snapshot.dataset },
        premise: condition('no-clone', clones.length === 0, () =>
          clones.length === 0 ? 'none' : `cloned into ${clones.map((each) => each.id).join(', ')}`,
        ),
        checks: () => {
          const instanceId = snapshot.details?.properties.instanceId ?? null;
          const signs = signsOf(dataset, instanceId, exports.value);
          const isVolume = (leaf: string): boolean =>
            datasetsById(datasets).has(`${parent.path}/${leaf}`);
          const named = isNamedByDriver(snapshot.name, parent, parents, isVolume);
          return [
            namedByDriver(named, parent),
            notWaitingForClone(snapshot),
            oldEnough(snapshot, context),
            storageReadable(storage, system, snapshot.dataset),
            noRunningJob(system, snapshot.dataset, around.runningJobs),
            ours(signs, parent),
            exports.coverage.state === 'complete'
              ? noForeignOwner(signs, parent, parents)
              : absenceOf('no-foreign-owner', [], [exports.coverage]),
            noHold([snapshot], COMPLETE),
            noReplication(snapshot, around.replications),
            snapshotNotUsed(dataset, snapshot, { ...around, volumeLinks, exports }),
          ];
        },
        message: 'nothing was cloned from this temporary snapshot, and nothing copies it',
        lookups: () => lookupsFor(snapshot),
        facts: () => factsOf(snapshot, volumeLinks.usersOf(dataset).length > 0),
      };
    }
  },
});
