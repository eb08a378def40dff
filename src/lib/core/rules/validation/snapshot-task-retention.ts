import { type SnapshotTask } from '../../model/truenas-tasks.ts';
import { refToSnapshotTask } from '../../model/subjects.ts';
import { type Millis } from '../../model/units.ts';
import { formatSpan } from '../../render/text/format.ts';
import { parentsReached, reaches } from '../checks/task-reach.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** A month is not 30 days, and four weeks are meant to be one: what differs by less than this part agrees. */
const TOLERANCE = 0.1;

type State = Pick<Inspection, 'sound' | 'seen' | 'steps'>;

function isShort(keepsFor: Millis, retention: Millis): boolean {
  return keepsFor < retention * (1 - TOLERANCE);
}

/** Whether another task keeps snapshots of the same datasets for long enough: hourly ones may go sooner than daily ones. */
function isCovered(task: SnapshotTask, retention: Millis, tasks: readonly SnapshotTask[]): boolean {
  return tasks.some(
    (other) =>
      other.enabled &&
      other.keepsFor !== null &&
      !isShort(other.keepsFor, retention) &&
      reaches(other.dataset, other, task.dataset) &&
      (other.recursive || !task.recursive),
  );
}

function judge(task: SnapshotTask, retention: Millis, tasks: readonly SnapshotTask[]): State {
  const { keepsFor, enabled } = task;
  if (!enabled) return { sound: true, seen: 'it is switched off' };
  if (keepsFor === null) {
    return { sound: undefined, seen: 'TrueNAS does not say how long it keeps its snapshots' };
  }
  const seen = `it keeps its snapshots for ${formatSpan(keepsFor)}`;
  const policy = `snapshot_retention is ${formatSpan(retention)}`;
  if (isShort(keepsFor, retention)) {
    return isCovered(task, retention, tasks)
      ? { sound: true, seen: `${seen}, and another task keeps some for longer` }
      : { sound: false, seen: `${seen} and no other task for longer: ${policy}`, steps: LONGER };
  }
  return keepsFor > retention * (1 + TOLERANCE)
    ? { sound: false, seen: `${seen}, longer than is wanted: ${policy}`, steps: SHORTER }
    : { sound: true, seen: `${seen}, as ${policy}` };
}

const LONGER = [
  'Raise the lifetime of the task (Data Protection, Periodic Snapshot Tasks), or add one that makes fewer snapshots and keeps them for longer.',
  'If the task is right, lower `monitor.snapshot_retention`.',
] as const;

const SHORTER = [
  'Lower the lifetime of the task (Data Protection, Periodic Snapshot Tasks): the snapshots that are older go at its next run, so look first whether somebody needs them.',
  'If the task is right, raise `monitor.snapshot_retention`.',
] as const;

export const snapshotTaskRetention = defineCheck({
  id: 'snapshot-task-retention',
  category: 'validation',
  severity: 'low',
  component: 'retention',
  title: 'Snapshot tasks keep snapshots of volumes as long as they are to be kept',
  scope: 'system',
  subjects: ['SnapshotTask'],
  requires: ['snapshotTasks', 'parents'],
  consults: [],
  steps: LONGER,

  *inspect({ snapshotTasks, parents }, { home, policy }) {
    const { snapshotRetention } = policy.thresholds;
    // Nobody said how long they are to be kept.
    if (snapshotRetention === null) return;
    const relevant = snapshotTasks.filter(
      (task) => parentsReached(home, task.dataset, task, parents).length > 0,
    );
    for (const task of relevant) {
      yield {
        subject: refToSnapshotTask(task),
        ...judge(task, snapshotRetention, relevant),
      };
    }
  },
});
