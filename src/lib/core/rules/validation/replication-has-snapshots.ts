import { refToReplicationTask } from '../../model/subjects.ts';
import { type ReplicationTask, type SnapshotTask } from '../../model/truenas-tasks.ts';
import { type Coverage } from '../../model/coverage.ts';
import { findsToSend, SnapshotNames } from '../checks/replication-sources.ts';
import { parentsReached } from '../checks/task-reach.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

type State = Pick<Inspection, 'sound' | 'seen'>;

function judge(
  replication: ReplicationTask,
  tasks: readonly SnapshotTask[],
  names: SnapshotNames,
  coverage: Coverage,
): State {
  if (!replication.enabled) return { sound: true, seen: 'it is switched off' };
  const state = findsToSend(replication, tasks);
  if ('found' in state) return { sound: true, seen: state.found };
  // TrueNAS refuses a task that names no snapshots at all.
  if (state.nothing === '') {
    return { sound: undefined, seen: 'TrueNAS does not say which snapshots it sends' };
  }
  if (!state.byName) return { sound: false, seen: `it sends nothing new: ${state.nothing}` };
  if (coverage.state === 'partial' || coverage.state === 'failed') {
    return { sound: undefined, seen: `${state.nothing}, and ${coverage.reason}` };
  }
  return names.hasFor(replication)
    ? { sound: true, seen: 'something else makes the snapshots it sends' }
    : { sound: false, seen: `it sends nothing: ${state.nothing}, and no such snapshot is there` };
}

export const replicationHasSnapshots = defineCheck({
  id: 'replication-has-snapshots',
  category: 'validation',
  severity: 'medium',
  component: 'replication',
  title: 'Replications of volumes have snapshots to send',
  scope: 'system',
  subjects: ['ReplicationTask'],
  requires: ['replicationTasks', 'snapshotTasks', 'parents'],
  consults: ['zfsSnapshots'],
  steps: [
    'Switch the snapshot task on again, or make one for the source that names its snapshots as the replication expects them (Data Protection).',
    'Bind it to the replication, run both once, and look whether the replica has the new snapshot: until then there is no current copy.',
  ],

  *inspect({ replicationTasks, snapshotTasks, parents, zfsSnapshots }, { home }) {
    const names = new SnapshotNames(zfsSnapshots.items);
    for (const replication of replicationTasks) {
      // The sources of a pull are on another system, and so is what makes their snapshots.
      if (replication.direction === 'PULL' && !replication.local) continue;
      const isOurs = replication.sources.some(
        (source) => parentsReached(home, source, replication, parents).length > 0,
      );
      if (!isOurs) continue;
      yield {
        subject: refToReplicationTask(replication),
        ...judge(replication, snapshotTasks, names, zfsSnapshots.coverage),
      };
    }
  },
});
