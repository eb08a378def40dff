import { type ResourceRef } from '../../model/resource-ref.ts';
import { refToInitiator, refToReplicationTask, refToSnapshotTask } from '../../model/subjects.ts';
import { type IscsiInitiator } from '../../model/truenas.ts';
import { type ReplicationTask, type SnapshotTask } from '../../model/truenas-tasks.ts';

/*
 * What TrueNAS keeps for the sake of a dataset, and keeps when the dataset goes.
 */

/** Something that works for datasets, and of those the ones that should be on this system. */
export interface Worker {
  readonly subject: ResourceRef;
  readonly system: string;
  readonly what: string;
  readonly source: 'snapshotTasks' | 'replicationTasks' | 'iscsiInitiators';
  readonly datasets: readonly string[];
  readonly enabled: boolean;
  readonly steps: readonly string[];
}

export function workerOfSnapshots(task: SnapshotTask): Worker {
  return {
    subject: refToSnapshotTask(task),
    system: task.system,
    what: 'snapshot task',
    source: 'snapshotTasks',
    datasets: [task.dataset],
    enabled: task.enabled,
    steps: [
      `Find out whether ${task.dataset} was renamed; then point snapshot task ${task.id} at its new path, or its data goes without snapshots.`,
      'Else ask whoever made the task, and delete it; snapshots that are elsewhere stay as they are.',
    ],
  };
}

/**
 * Sources of a pull are on another system. A target that is not there is no fault, wherever it lies: a replication makes it.
 */
export function workerOfReplication(task: ReplicationTask): Worker {
  return {
    subject: refToReplicationTask(task),
    system: task.system,
    what: 'replication task',
    source: 'replicationTasks',
    datasets: task.direction === 'PUSH' || task.local ? task.sources : [],
    enabled: task.enabled,
    steps: [
      `Find out whether the source was renamed; then point replication ${task.name} at its new path, or its data goes without a copy.`,
      `Else look into ${task.target} before anything else: the replica may be the last copy of what is gone.`,
      'Take the source out of the task, or delete the task once nobody needs the replica.',
    ],
  };
}

/** csi.truenas.io makes a group of initiators for one volume, and names the volume in its comment. */
const OF_VOLUME = /^CSI volume (\S+\/.+)$/;

export function workerOfInitiators(initiator: IscsiInitiator): Worker | undefined {
  const path = OF_VOLUME.exec(initiator.comment)?.[1];
  return path === undefined
    ? undefined
    : {
        subject: refToInitiator(initiator),
        system: initiator.system,
        what: 'initiator group',
        source: 'iscsiInitiators',
        datasets: [path],
        enabled: true,
        steps: [
          `Check that no target uses initiator group ${initiator.id}, and that its comment still names ${path}: a target that loses its group may let everybody in.`,
          'Delete the group; no data goes with it.',
        ],
      };
}
