import { expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { judgeMember } from '../../../../src/lib/core/rules/evaluate.ts';
import { taskDangling } from '../../../../src/lib/core/rules/orphans/task-dangling.ts';
import {
  aDataset,
  aDriver,
  aFolder,
  anInitiator,
  anInventory,
  aPool,
  aPv,
  aReplicationTask,
  aSnapshotTask,
  aTarget,
  HANDLE,
  LONG_AGO,
  PARENT,
} from '../../../support/builders.ts';
import {
  checkOf,
  findingsOf,
  systemListsReadAgain,
  testRule,
  withoutList,
} from '../../../support/rule-tester.ts';

const gone = `${PARENT}/${HANDLE}`;
const snapshots = anInventory({ snapshotTasks: [aSnapshotTask({ dataset: gone })] });
const group = anInitiator({ comment: `CSI volume ${gone}` });
const sending = (...sources: string[]) =>
  anInventory({ replicationTasks: [aReplicationTask({ sources })] });

testRule(taskDangling, {
  certain: {
    'a snapshot task of a volume that is gone': [snapshots, [gone]],
    'a replication that sends a volume that is gone': [sending(gone), ['off-site']],
    'a replication one of whose sources is gone, once': [
      sending(PARENT, gone, `${PARENT}/pvc-2`),
      ['off-site'],
    ],
    'a replication within the system': [
      anInventory({
        replicationTasks: [aReplicationTask({ sources: [gone], local: true, target: 'tank/copy' })],
      }),
      ['off-site'],
    ],
    'a group of initiators for a volume of csi.truenas.io that is gone': [
      anInventory({ iscsiInitiators: [group] }),
      [`CSI volume ${gone}`],
    ],
    'a group of initiators beside a target that admits none, and a volume of some other kind': [
      anInventory({
        iscsiInitiators: [group],
        iscsiTargets: [aTarget({ groups: [] })],
        persistentVolumes: [
          aPv({
            name: 'static',
            source: { kind: 'nfs', server: '10.10.0.5', path: '/mnt/tank/x' },
          }),
        ],
      }),
      [`CSI volume ${gone}`],
    ],
    'two tasks of one path': [
      anInventory({
        snapshotTasks: [aSnapshotTask({ dataset: gone }), aSnapshotTask({ dataset: gone, id: 5 })],
      }),
      [gone, gone],
    ],
  },
  likely: {
    'a volume that still names the dataset': [
      anInventory({
        snapshotTasks: [aSnapshotTask({ dataset: gone })],
        persistentVolumes: [aPv()],
      }),
      [gone],
      'no-volume-refers',
    ],
    'a path below no parent': [
      anInventory({ snapshotTasks: [aSnapshotTask({ dataset: 'tank/media' })] }),
      ['tank/media'],
      'below-declared-parent',
    ],
    'a parent that was only inferred': [
      anInventory({ snapshotTasks: [aSnapshotTask({ dataset: gone })], drivers: [] }),
      [gone],
      'below-declared-parent',
    ],
    'volumes that may not be listed': [
      withoutList(snapshots, 'persistentVolumes'),
      [gone],
      'no-volume-refers',
    ],
    'a target that admits some group, nobody knows which': [
      anInventory({ iscsiInitiators: [group], iscsiTargets: [aTarget()] }),
      [`CSI volume ${gone}`],
      'no-target-uses-it',
    ],
    'targets that may not be listed': [
      withoutList(anInventory({ iscsiInitiators: [group] }), 'iscsiTargets'),
      [`CSI volume ${gone}`],
      'no-target-uses-it',
    ],
  },
  silent: {
    'a snapshot task of a dataset that is there': anInventory({ snapshotTasks: [aSnapshotTask()] }),
    'a replication whose sources are there': sending(PARENT, 'tank'),
    'a replication whose target is yet to be made': anInventory({
      replicationTasks: [aReplicationTask({ local: true, target: 'tank/not-yet' })],
    }),
    'a replication that sends to another system': anInventory({
      replicationTasks: [aReplicationTask({ target: 'far/away' })],
    }),
    'a replication that fetches from another system': anInventory({
      replicationTasks: [
        aReplicationTask({ direction: 'PULL', sources: ['far/away'], target: 'tank/not-yet' }),
      ],
    }),
    'a pool that is not imported': anInventory({
      snapshotTasks: [aSnapshotTask({ dataset: 'usb/backup' })],
    }),
    'one source on a pool that is not imported': sending(gone, 'usb/backup'),
    'a pool that is not online': anInventory({
      snapshotTasks: [aSnapshotTask({ dataset: gone })],
      pools: [aPool({ status: 'OFFLINE' })],
    }),
    'a dataset below a locked one': anInventory({
      snapshotTasks: [aSnapshotTask({ dataset: 'tank/secret/vols' })],
      datasets: [aFolder('tank/secret', { locked: true })],
    }),
    'a dataset the API hides': anInventory({
      snapshotTasks: [aSnapshotTask({ dataset: 'tank/ix-apps/app_mounts' })],
    }),
    'a volume that was moved into quarantine': anInventory({
      snapshotTasks: [aSnapshotTask({ dataset: gone })],
      datasets: [
        aFolder('tank/q'),
        aDataset({
          id: `tank/q/${HANDLE}`,
          marks: { quarantined: `${gone};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
    'a group of initiators somebody made': anInventory({
      iscsiInitiators: [
        anInitiator({ comment: 'office' }),
        anInitiator({ id: 4, comment: '' }),
        anInitiator({ id: 5, comment: 'CSI volume of the shop' }),
      ],
    }),
    'a group of initiators whose volume is there': anInventory({
      iscsiInitiators: [group],
      datasets: [aDataset({ kind: 'volume' })],
    }),
    'a group of initiators whose dataset is away, not its volume': anInventory({
      iscsiInitiators: [group],
      persistentVolumes: [
        aPv({ source: { kind: 'csi', driver: 'csi.truenas.io', handle: gone, attributes: {} } }),
      ],
    }),
    'a group of initiators while volumes may not be listed': withoutList(
      anInventory({ iscsiInitiators: [group] }),
      'persistentVolumes',
    ),
  },
});

const onlyOne = (inventory: Parameters<typeof findingsOf>[1]) => {
  const [finding] = findingsOf(taskDangling, inventory);
  if (finding === undefined) throw new Error('nothing was reported');
  return finding;
};

test('a task is reported, and never safe to delete', () => {
  for (const inventory of [snapshots, sending(gone), anInventory({ iscsiInitiators: [group] })]) {
    expect(onlyOne(inventory).remedy).toMatchObject({ action: 'investigate', safe: false });
    expect(onlyOne(inventory).severity).toBe('low');
  }
});

test('names every source that is gone', () => {
  expect(onlyOne(sending(PARENT, gone, `${PARENT}/pvc-2`)).reason).toBe(
    `no dataset ${gone}, ${PARENT}/pvc-2 for this replication task`,
  );
});

test.each([
  ['a task that is disabled', aSnapshotTask({ dataset: gone, enabled: false })],
  ['a path outside every parent', aSnapshotTask({ dataset: 'tank/media' })],
])('%s is merely worth knowing', (_, task) => {
  expect(onlyOne(anInventory({ snapshotTasks: [task] })).severity).toBe('info');
});

test('since when it was seen stands in for its age', () => {
  const firstSeen = new Map([[`host-id task-dangling SnapshotTask//${gone}/4`, LONG_AGO]]);
  const { evidence } = onlyOne(
    anInventory({ snapshotTasks: [aSnapshotTask({ dataset: gone })], firstSeen }),
  );
  expect(evidence.find(({ check }) => check === 'first-seen')?.detail).toContain(
    LONG_AGO.toISOString(),
  );
});

test('an explanation is told of tasks that are sound, too', () => {
  const world = anInventory({
    snapshotTasks: [aSnapshotTask()],
    replicationTasks: [aReplicationTask({ direction: 'PULL' })],
    drivers: [aDriver()],
  });
  const member = { scope: 'system', name: 'nas1' } as const;
  const { verdicts } = judgeMember(
    taskDangling,
    member,
    correlate(world, DEFAULT_POLICY),
    DEFAULT_POLICY,
    false,
  );
  expect([...verdicts].map(({ verdict, holds }) => [verdict.subject.name, holds])).toEqual([
    [PARENT, false],
  ]);
});

test('is placed on, and named after, the source that is gone, not one that is there', () => {
  const finding = onlyOne(sending(PARENT, gone));
  expect(finding.place).toEqual({ system: 'nas1', path: gone });
  expect(finding.truenasReference).toBe(gone);
  expect(finding.evidence[0]?.detail).toBe(`no dataset ${gone}`);
});

test('says of a sound task which datasets are there', () => {
  const world = anInventory({
    replicationTasks: [aReplicationTask({ sources: ['tank', PARENT] })],
  });
  expect(checkOf(taskDangling, world, 'off-site', 'no-dataset')).toEqual([
    'failed',
    `dataset tank, ${PARENT}`,
  ]);
});

test('looks again at the targets only where it is a target that would need the group', () => {
  const listsOf = (world: Parameters<typeof anInventory>[0]) =>
    systemListsReadAgain(taskDangling, anInventory(world));
  expect(listsOf({ iscsiInitiators: [group] })).toEqual([
    'iscsiInitiators',
    'iscsiTargets',
    'pools',
  ]);
  expect(listsOf({ snapshotTasks: [aSnapshotTask({ dataset: gone })] })).toEqual([
    'pools',
    'snapshotTasks',
  ]);
});
