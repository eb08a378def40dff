import { lazy } from '../model/lazy.ts';
import { type ReplicationTask } from '../model/truenas-tasks.ts';

/** Replication tasks of all systems, by the paths they name. */
export interface ReplicationIndex {
  /** Tasks of which this very path is a source, or may be: the other side of a task of another system may be this system. */
  from(system: string, path: string): readonly ReplicationTask[];
  /** Tasks of which it is the target, or may be. */
  into(system: string, path: string): readonly ReplicationTask[];
}

/** Whether a task brings something to its target on this system: its own pull or copy, or the push of another. */
export function receives(task: ReplicationTask, system: string): boolean {
  return task.local || (task.direction === 'PULL') === (task.system === system);
}

/** A task does not say which system is on its other side, only what it is called there. */
function mayMean({ system, local }: ReplicationTask, asked: string, isOtherSide: boolean): boolean {
  return system === asked || (isOtherSide && !local);
}

export function indexReplications(tasks: readonly ReplicationTask[]): ReplicationIndex {
  const bySource = lazy(() =>
    Map.groupBy(
      tasks.flatMap((task) => task.sources.map((path) => ({ path, task }))),
      ({ path }) => path,
    ),
  );
  const byTarget = lazy(() => Map.groupBy(tasks, ({ target }) => target));
  return {
    from: (system, path) =>
      (bySource().get(path) ?? [])
        .map(({ task }) => task)
        .filter((task) => mayMean(task, system, task.direction === 'PULL')),
    into: (system, path) =>
      (byTarget().get(path) ?? []).filter((task) =>
        mayMean(task, system, task.direction === 'PUSH'),
      ),
  };
}
