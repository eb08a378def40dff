import { type Check } from '../../model/check.ts';
import { type Consulted } from '../../model/rule.ts';
import { type ReplicationTask, type ZfsSnapshot } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';

/** What a replication receives is the base of what it receives next. */
function receives(task: ReplicationTask, { system, dataset }: ZfsSnapshot): boolean {
  return (
    task.system === system &&
    (task.direction === 'PULL' || task.local) &&
    (dataset === task.target || dataset.startsWith(`${task.target}/`))
  );
}

function sends(task: ReplicationTask, { system, dataset }: ZfsSnapshot): boolean {
  return (
    task.system === system &&
    task.sources.some(
      (source) => source === dataset || (task.recursive && dataset.startsWith(`${source}/`)),
    )
  );
}

/** That no replication sends this snapshot or received it, and so may need it for the next one. */
export function noReplication(
  snapshot: ZfsSnapshot,
  { items, coverage }: Consulted<'replicationTasks'>,
): Check {
  const senders = items.filter((task) => sends(task, snapshot) || receives(task, snapshot));
  return absenceOf(
    'no-replication',
    senders.map(({ name }) => `replication ${name}`),
    [coverage],
  );
}
