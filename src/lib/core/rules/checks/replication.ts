import { receives, type ReplicationIndex } from '../../correlate/replications.ts';
import { parentPath } from '../../correlate/paths.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type Coverage } from '../../model/coverage.ts';
import { type Consulted } from '../../model/rule.ts';
import { type Dataset, type ZfsSnapshot } from '../../model/truenas.ts';
import { type ReplicationTask } from '../../model/truenas-tasks.ts';
import { absenceOf } from './absence.ts';

/** Tasks that receive into a path, or into what lies above it. */
function receiversOf(system: string, path: string, index: ReplicationIndex): ReplicationTask[] {
  const tasks: ReplicationTask[] = [];
  for (let each = path; each !== ''; each = parentPath(each)) {
    tasks.push(...index.into(system, each).filter((task) => receives(task, system)));
  }
  return tasks;
}

/** Tasks that send what lies at a path, by its own name or recursively. */
function sendersOf(system: string, path: string, index: ReplicationIndex): ReplicationTask[] {
  const tasks = [...index.from(system, path)];
  for (let each = parentPath(path); each !== ''; each = parentPath(each)) {
    tasks.push(...index.from(system, each).filter(({ recursive }) => recursive));
  }
  return tasks;
}

/**
 * That no task leans on something. One of another system names a path on its other side, which may be this system and may be a
 * third.
 *
 * @param others what leans on it beside them, in words
 */
function noneLean(
  id: string,
  system: string,
  others: readonly string[],
  tasks: readonly ReplicationTask[],
  coverages: readonly Coverage[],
): Check {
  const own = new Set(tasks.filter((task) => task.system === system));
  const found = [...others, ...[...own].map(({ name }) => `replication ${name}`)];
  const far = tasks.find((task) => task.system !== system);
  if (found.length === 0 && far !== undefined) {
    return assurance(
      id,
      undefined,
      `replication ${far.name} of ${far.system} names this path, and may mean this system`,
    );
  }
  return absenceOf(id, found, coverages);
}

/** That no replication sends this snapshot or received it, and so may need it for the next one. */
export function noReplication(
  { system, dataset }: ZfsSnapshot,
  { value, coverage }: Consulted<'replications'>,
): Check {
  const tasks = [...sendersOf(system, dataset, value), ...receiversOf(system, dataset, value)];
  return noneLean('no-replication', system, [], tasks, [coverage]);
}

/**
 * Only a task that names this very dataset leans on it: one that merely sends it along would outlive it. What one receives into
 * is different: everything below may be a copy, of which nothing is forgotten.
 */
export function noTask(
  { system, id }: Dataset,
  snapshotTasks: Consulted<'snapshotTasks'>,
  { value, coverage }: Consulted<'replications'>,
): Check {
  const snapshots = snapshotTasks.items.filter(
    (task) => task.system === system && task.dataset === id,
  );
  const tasks = [
    ...value.from(system, id),
    ...value.into(system, id),
    ...receiversOf(system, parentPath(id), value),
  ];
  return noneLean(
    'no-task',
    system,
    snapshots.map((task) => `snapshot task ${task.id}`),
    tasks,
    [snapshotTasks.coverage, coverage],
  );
}
