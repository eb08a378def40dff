import { type ReplicationTask } from '../../../../src/lib/core/model/truenas-tasks.ts';
import { withoutList } from '../../../support/rule-tester.ts';
import { replicationHasSnapshots } from '../../../../src/lib/core/rules/validation/replication-has-snapshots.ts';
import {
  type SmallWorld,
  aDataset,
  aPv,
  aReplicationTask,
  aSnapshotTask,
  aZfsSnapshot,
  anInventory,
} from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const DAILY = 'daily-%Y-%m-%d';
const world = (replication: Partial<ReplicationTask>, over: SmallWorld = {}) =>
  anInventory({
    persistentVolumes: [aPv()],
    datasets: [aDataset()],
    replicationTasks: [aReplicationTask(replication)],
    snapshotTasks: [aSnapshotTask({ naming: DAILY })],
    ...over,
  });

testCheck(replicationHasSnapshots, {
  'passes where its snapshot task is on': [world({ snapshotTasks: [4] }), ['PASS off-site']],
  'warns where its snapshot task is off': [
    world({ snapshotTasks: [4] }, { snapshotTasks: [aSnapshotTask({ enabled: false })] }),
    ['WARNING off-site'],
  ],
  'warns where its snapshot task is gone': [world({ snapshotTasks: [7] }), ['WARNING off-site']],
  'passes where a task makes what it sends by name': [
    world({ alsoSends: [DAILY] }),
    ['PASS off-site'],
  ],
  'passes where it may be made, as far as is told': [
    world({ alsoSends: [DAILY] }, { snapshotTasks: [aSnapshotTask({ naming: null })] }),
    ['PASS off-site'],
  ],
  'warns where the task gives other names, and no such snapshot is there': [
    world(
      { alsoSends: ['auto-%Y-%m-%d'] },
      { zfsSnapshots: [aZfsSnapshot({ name: 'daily-2026-10-31' })] },
    ),
    ['WARNING off-site'],
  ],
  'passes where something else makes such snapshots': [
    world(
      { alsoSends: ['auto-%Y-%m-%d'] },
      { zfsSnapshots: [aZfsSnapshot({ name: 'auto-2026-10-31' })] },
    ),
    ['PASS off-site'],
  ],
  'warns where snapshots are of other datasets, or below one that is sent alone': [
    world(
      { alsoSends: ['auto-%Y-%m-%d'], recursive: false },
      {
        zfsSnapshots: [
          aZfsSnapshot({ name: 'auto-2026-10-31' }),
          aZfsSnapshot({ name: 'auto-2026-10-31', dataset: 'tank/k8s-old' }),
        ],
      },
    ),
    ['WARNING off-site'],
  ],
  'takes what is no naming schema for any name': [
    world({ alsoSends: ['auto-.*'] }, { snapshotTasks: [], zfsSnapshots: [aZfsSnapshot()] }),
    ['PASS off-site'],
  ],
  'cannot tell where snapshots could not be read': [
    withoutList(world({ alsoSends: ['auto-%Y'] }), 'zfsSnapshots'),
    ['SKIPPED off-site'],
  ],
  'cannot tell where TrueNAS does not say what it sends': [world({}), ['SKIPPED off-site']],
  'leaves one that is switched off': [
    world({ snapshotTasks: [7], enabled: false }),
    ['PASS off-site'],
  ],
  'leaves a pull, and what sends other data': [
    anInventory({
      replicationTasks: [
        aReplicationTask({ direction: 'PULL', snapshotTasks: [7] }),
        aReplicationTask({ id: 7, sources: ['tank/office'], snapshotTasks: [7] }),
      ],
    }),
    [],
  ],
  'judges a copy on the same system': [
    world({ direction: 'PULL', local: true, snapshotTasks: [7] }),
    ['WARNING off-site'],
  ],
});
