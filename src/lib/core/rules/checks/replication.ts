import { type Check } from '../../model/check.ts';
import { type Consulted } from '../../model/rule.ts';
import { type ReplicationTask, type ZfsSnapshot } from '../../model/truenas.ts';
import { absenceOf } from './absence.ts';

function sends(task: ReplicationTask, { system, dataset }: ZfsSnapshot): boolean {
  return (
    task.system === system &&
    task.sources.some(
      (source) => source === dataset || (task.recursive && dataset.startsWith(`${source}/`)),
    )
  );
}

/** That no replication sends this snapshot, and so may need it to send the next one. */
export function noReplication(
  snapshot: ZfsSnapshot,
  { items, coverage }: Consulted<'replicationTasks'>,
): Check {
  const senders = items.filter((task) => sends(task, snapshot));
  return absenceOf(
    'no-replication',
    senders.map(({ name }) => `replication ${name}`),
    [coverage],
  );
}
