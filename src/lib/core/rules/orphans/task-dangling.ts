import { datasetsById } from '../../correlate/listed-by.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { leafName } from '../../correlate/paths.ts';
import { type StorageState } from '../../correlate/storage-state.ts';
import { assurance, condition, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { defineRule, type Consulted, type Lookup, type Verdict } from '../../model/rule.ts';
import { absenceOf } from '../checks/absence.ts';
import {
  workerOfInitiators,
  workerOfReplication,
  workerOfSnapshots,
  type Worker,
} from '../checks/dataset-workers.ts';
import { facts } from '../checks/facts.ts';
import { firstSeen } from '../checks/first-seen.ts';
import { belowDeclaredParent, severityAt } from '../checks/known-parent.ts';
import { poolsAgain, storageReadable } from '../checks/storage.ts';
import { trustInVolumes, namesOf } from '../checks/volume-names.ts';

/** Whether every place where something is missing can be judged. */
function allReadable(storage: StorageState, system: string, missing: readonly string[]): Check {
  const [first = ''] = missing;
  const hidden = missing.find((path) => storage.obstacleAt(system, path) !== undefined);
  return storageReadable(storage, system, hidden ?? first);
}

/** A group of initiators belongs to its volume alone, so that there must not be one. */
function noVolume(
  [path = '']: readonly string[],
  leaves: ReadonlySet<string>,
  volumes: Consulted<'persistentVolumes'>,
): Check {
  const found = leaves.has(leafName(path));
  const trust = trustInVolumes(volumes);
  if (!found && trust.state !== 'complete') {
    return condition('no-volume-of-its-own', undefined, `could not be read: ${trust.reason}`);
  }
  return condition('no-volume-of-its-own', !found, found ? leafName(path) : 'none');
}

/** Targets do not say here which groups they admit, only how many. */
function noTargetUsesIt(targets: Consulted<'iscsiTargets'>): Check {
  const admitting = targets.items.filter(({ groups }) => groups.length > 0);
  if (admitting.length > 0) {
    return assurance(
      'no-target-uses-it',
      undefined,
      `which of ${admitting.length} targets use it was not read`,
    );
  }
  return absenceOf('no-target-uses-it', [], [targets.coverage]);
}

function lookupsFor({ system, source }: Worker, missing: readonly string[]): readonly Lookup[] {
  return [
    { kind: 'system-list', system, source },
    ...missing.map((id): Lookup => ({ kind: 'dataset', system, id })),
    poolsAgain(system),
    { kind: 'cluster-list', source: 'persistentVolumes' },
    ...(source === 'iscsiInitiators'
      ? [{ kind: 'system-list', system, source: 'iscsiTargets' } as const]
      : []),
  ];
}

interface Judge {
  readonly isThere: (path: string) => boolean;
  readonly parents: ParentIndex;
  readonly suspectsOnly: boolean;
  readonly checks: (worker: Worker, missing: readonly string[]) => readonly Check[];
}

function* judge(
  worker: Worker,
  { isThere, parents, suspectsOnly, checks }: Judge,
): Iterable<Verdict> {
  const { subject, system, datasets, what } = worker;
  const missing = datasets.filter((path) => !isThere(path));
  const [first] = missing.length > 0 ? missing : datasets;
  if (first === undefined || (suspectsOnly && missing.length === 0)) return;
  const names = missing.join(', ');
  yield {
    subject,
    place: { system, path: first },
    premise: condition('no-dataset', missing.length > 0, () =>
      missing.length > 0 ? `no dataset ${names}` : `dataset ${datasets.join(', ')}`,
    ),
    checks: () => checks(worker, missing),
    message: `no dataset ${names} for this ${what}`,
    severity: worker.enabled ? severityAt(parents, system, first, 'low') : 'info',
    lookups: () => lookupsFor(worker, missing),
    facts: () =>
      facts({
        truenasReference: first,
        // A task may be all that tells where the copies of lost data are.
        remedy: { action: 'investigate', safe: false, steps: worker.steps, command: null },
      }),
  };
}

function leavesOf(volumes: readonly PersistentVolume[]): ReadonlySet<string> {
  return new Set(
    volumes.flatMap(({ source }) => (source.kind === 'csi' ? leafName(source.handle) : [])),
  );
}

export const taskDangling = defineRule({
  id: 'task-dangling',
  category: 'orphan',
  severity: 'low',
  title: 'Snapshot task, replication or initiator group of a dataset that is gone',
  scope: 'system',
  subjects: ['SnapshotTask', 'ReplicationTask', 'IscsiInitiator'],
  remembers: true,
  requires: [
    'snapshotTasks',
    'replicationTasks',
    'iscsiInitiators',
    'datasets',
    'parents',
    'storage',
  ],
  consults: ['persistentVolumes', 'iscsiTargets'],

  *evaluate({ datasets, parents, storage, persistentVolumes, iscsiTargets, ...lists }, context) {
    const volumes = lazy(() => namesOf(persistentVolumes.items, parents));
    const leaves = lazy(() => leavesOf(persistentVolumes.items));
    const checks = (worker: Worker, missing: readonly string[]): readonly Check[] => {
      const { system, subject, source } = worker;
      const [first = ''] = missing;
      return [
        allReadable(storage, system, missing),
        belowDeclaredParent(parents, system, first),
        ...(source === 'iscsiInitiators'
          ? [noVolume(missing, leaves(), persistentVolumes), noTargetUsesIt(iscsiTargets)]
          : []),
        absenceOf(
          'no-volume-refers',
          missing.flatMap((path) => volumes().atPath(path)),
          [trustInVolumes(persistentVolumes)],
        ),
        firstSeen(context.firstSeen(subject)),
      ];
    };
    const workers = [
      ...lists.snapshotTasks.map(workerOfSnapshots),
      ...lists.replicationTasks.map(workerOfReplication),
      ...lists.iscsiInitiators.flatMap((initiator) => workerOfInitiators(initiator) ?? []),
    ];
    for (const worker of workers) {
      yield* judge(worker, {
        isThere: (path) => datasetsById(datasets).has(path),
        parents,
        suspectsOnly: context.suspectsOnly,
        checks,
      });
    }
  },
});
