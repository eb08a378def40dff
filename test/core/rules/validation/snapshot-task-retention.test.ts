import { DEFAULT_THRESHOLDS } from '../../../../src/lib/core/model/settings.ts';
import { type SnapshotTask } from '../../../../src/lib/core/model/truenas-tasks.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import { snapshotTaskRetention } from '../../../../src/lib/core/rules/validation/snapshot-task-retention.ts';
import { HANDLE, aSnapshotTask, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

const days = (count: number) => millis(count * 86_400_000);
const WANTED = { thresholds: { ...DEFAULT_THRESHOLDS, snapshotRetention: days(30) } };
const tasks = (...snapshotTasks: readonly SnapshotTask[]) => anInventory({ snapshotTasks });

testCheck(snapshotTaskRetention, {
  'says nothing where nothing is wanted': [tasks(aSnapshotTask({ keepsFor: days(1) })), []],
  'passes where both agree': [
    tasks(aSnapshotTask({ keepsFor: days(28) })),
    ['PASS tank/k8s'],
    WANTED,
  ],
  'warns of one that keeps them for less': [
    tasks(aSnapshotTask({ keepsFor: days(14) })),
    ['WARNING tank/k8s'],
    WANTED,
  ],
  'warns of one that keeps them for longer': [
    tasks(aSnapshotTask({ keepsFor: days(60) })),
    ['WARNING tank/k8s'],
    WANTED,
  ],
  'passes where another task keeps some for long enough': [
    tasks(
      aSnapshotTask({ keepsFor: days(2) }),
      aSnapshotTask({ id: 5, dataset: 'tank', keepsFor: days(31) }),
    ),
    ['PASS tank', 'PASS tank/k8s'],
    WANTED,
  ],
  'is not content with one that does not reach as far': [
    tasks(
      aSnapshotTask({ keepsFor: days(2) }),
      aSnapshotTask({ id: 5, recursive: false, keepsFor: days(31) }),
    ),
    ['PASS tank/k8s', 'WARNING tank/k8s'],
    WANTED,
  ],
  'leaves one that is switched off': [
    tasks(aSnapshotTask({ keepsFor: days(2), enabled: false })),
    ['PASS tank/k8s'],
    WANTED,
  ],
  'leaves tasks of other data': [
    tasks(
      aSnapshotTask({ dataset: 'tank/k8s-old', keepsFor: days(2) }),
      aSnapshotTask({ id: 5, dataset: 'tank', recursive: false, keepsFor: days(2) }),
    ),
    [],
    WANTED,
  ],
  'judges tasks of single volumes': [
    tasks(aSnapshotTask({ dataset: `tank/k8s/${HANDLE}`, keepsFor: days(2) })),
    [`WARNING tank/k8s/${HANDLE}`],
    WANTED,
  ],
  'cannot tell where the lifetime is not told': [
    tasks(aSnapshotTask({ keepsFor: null })),
    ['SKIPPED tank/k8s'],
    WANTED,
  ],
});
