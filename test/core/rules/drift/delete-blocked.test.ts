import { describe, expect, test } from 'vitest';
import { planSecondRead } from '../../../../src/lib/core/confirm/confirm.ts';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { evaluate } from '../../../../src/lib/core/rules/evaluate.ts';
import { deleteBlocked } from '../../../../src/lib/core/rules/drift/delete-blocked.ts';
import {
  aContent,
  aDataset,
  anEvent,
  anInventory,
  aPv,
  aVolumeSnapshot,
  aZfsSnapshot,
  details,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
  SNAPSHOT_UID,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const DATASET = `${PARENT}/${HANDLE}`;
const CONTENT = `snapcontent-${SNAPSHOT_UID}`;
const released = aPv({ phase: 'Released' });
const clone = aDataset({ id: `${PARENT}/pvc-clone`, origin: `${DATASET}@snapshot-1` });
const cloned = { datasets: [aDataset(), clone], persistentVolumes: [released] };
const failing = {
  datasets: [aDataset()],
  persistentVolumes: [released],
  events: [anEvent({ message: 'rpc error: code = Internal desc = dataset is busy.' })],
};
const error = { message: 'snapshot has dependent clones', since: LONG_AGO };
const dying = aContent({ deletedAt: LONG_AGO, error });
const snapshotClone = aDataset({
  id: `${PARENT}/pvc-clone`,
  origin: `${DATASET}@snapshot-${SNAPSHOT_UID}`,
});

testRule(deleteBlocked, {
  certain: {
    'a released volume that has a clone, as its event says': [
      anInventory({ ...cloned, events: [anEvent()] }),
      [HANDLE],
    ],
    'a failed volume that has a clone, as its status says': [
      anInventory({
        ...cloned,
        persistentVolumes: [aPv({ phase: 'Failed', statusMessage: 'dependent clones' })],
      }),
      [HANDLE],
    ],
    'an event without a uid': [
      anInventory({ ...cloned, events: [anEvent({ volumeUid: null, lastSeen: null })] }),
      [HANDLE],
    ],
    'a content whose snapshot has a clone': [
      anInventory({ datasets: [aDataset(), snapshotClone], volumeSnapshotContents: [dying] }),
      [CONTENT],
    ],
    'a content whose detached copy has a clone': [
      anInventory({
        datasets: [
          aDataset({
            id: `${PARENT}/pvc-clone`,
            origin: `tank/detached/${HANDLE}/snapshot-${SNAPSHOT_UID}@x`,
          }),
        ],
        volumeSnapshotContents: [
          aContent({ ...dying, snapshotHandle: `${HANDLE}/snapshot-${SNAPSHOT_UID}` }),
        ],
      }),
      [CONTENT],
    ],
  },
  likely: {
    'a released volume that has a clone, and no event': [
      anInventory(cloned),
      [HANDLE],
      'delete-attempted',
    ],
    'a released volume that has a clone, and only the event of a namesake': [
      anInventory({ ...cloned, events: [anEvent({ volumeUid: 'another' })] }),
      [HANDLE],
      'delete-attempted',
    ],
    'a released volume that has a clone, and only events about something else': [
      anInventory({
        ...cloned,
        events: [anEvent({ reason: 'FailedMount' }), anEvent({ volumeName: 'other' })],
      }),
      [HANDLE],
      'delete-attempted',
    ],
    'a released volume that has a clone, while events cannot be read': [
      withoutList(anInventory({ ...cloned, events: [anEvent()] }), 'events'),
      [HANDLE],
      'delete-attempted',
    ],
    'a released volume with a held snapshot, and no event': [
      anInventory({
        datasets: [aDataset()],
        persistentVolumes: [released],
        zfsSnapshots: [aZfsSnapshot({ name: 'keep', details: details({ holds: ['legal'] }) })],
      }),
      [HANDLE],
      'delete-attempted',
    ],
    'a content whose snapshot cannot be deleted for another reason': [
      anInventory({ volumeSnapshotContents: [dying] }),
      [CONTENT],
      'cause-found',
    ],
    'a content whose place is not known': [
      anInventory({ volumeSnapshotContents: [aContent({ ...dying, snapshotHandle: 'odd' })] }),
      [CONTENT],
      'cause-found',
    ],
  },
  silent: {
    'a volume in use that has a clone': anInventory({
      ...cloned,
      persistentVolumes: [aPv()],
      events: [anEvent()],
    }),
    'a retained volume that has a clone': anInventory({
      ...cloned,
      persistentVolumes: [aPv({ phase: 'Released', reclaimPolicy: 'Retain' })],
      events: [anEvent()],
    }),
    'a released volume nothing is known against': anInventory({ ...failing, events: [] }),
    'a released volume with a periodic snapshot, which only some drivers mind': anInventory({
      ...failing,
      events: [],
      zfsSnapshots: [aZfsSnapshot({ name: 'auto-2026-10-01' })],
    }),
    'a volume that was released just now': anInventory({
      ...cloned,
      persistentVolumes: [aPv({ phase: 'Released', phaseSince: JUST_NOW })],
      events: [anEvent()],
    }),
    'a volume that failed without a word': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv({ phase: 'Failed' })],
    }),
    'a volume of some other storage': anInventory({
      persistentVolumes: [
        aPv({
          phase: 'Released',
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
        }),
      ],
      events: [anEvent()],
    }),
    'a content that is being deleted without an error': anInventory({
      datasets: [aDataset(), snapshotClone],
      volumeSnapshotContents: [aContent({ deletedAt: LONG_AGO })],
    }),
    'a content with an error that nobody deletes': anInventory({
      datasets: [aDataset(), snapshotClone],
      volumeSnapshotContents: [aContent({ error })],
    }),
    'a content whose deletion began just now': anInventory({
      datasets: [aDataset(), snapshotClone],
      volumeSnapshotContents: [aContent({ deletedAt: JUST_NOW, error })],
    }),
    'a content of some other storage': anInventory({
      volumeSnapshotContents: [aContent({ ...dying, driver: 'ebs.csi.aws.com' })],
    }),
  },
});

describe('what it says', () => {
  const only = (world: Parameters<typeof anInventory>[0]) =>
    findingsOf(deleteBlocked, anInventory(world))[0];

  test('names the clones, and whose they are', () => {
    const finding = only({
      ...cloned,
      persistentVolumes: [released, aPv({ name: 'pvc-clone' })],
      events: [anEvent()],
    });
    expect(finding?.reason).toBe(
      `its deletion fails: dataset ${DATASET} is cloned into ${PARENT}/pvc-clone (pvc-clone of prod)`,
    );
    expect(finding?.remedy.steps[0]).toContain('Begin with the clones');
    expect(finding?.reclaimable).toBe(0);
  });

  test('says that it cannot succeed where nobody tried', () => {
    expect(only(cloned)?.reason).toBe(
      `its deletion cannot succeed: dataset ${DATASET} is cloned into ${PARENT}/pvc-clone`,
    );
  });

  test('tells the answer of the driver where nothing is seen in the way', () => {
    const finding = only(failing);
    expect(finding?.reason).toBe(
      'its deletion fails: rpc error: code = Internal desc = dataset is busy',
    );
    expect(finding?.confidence).toBe('certain');
    expect(finding?.remedy.steps[0]).toContain('Read the answer of the driver');
    expect(finding?.evidence.find(({ check }) => check === 'cause-found')?.result).toBe('unknown');
  });

  test('tells the answer where there is no dataset any more', () => {
    expect(only({ ...failing, datasets: [] })?.reason).toContain('dataset is busy');
  });

  test('tells the last of several answers', () => {
    const events = [
      anEvent({ message: 'first', lastSeen: LONG_AGO }),
      anEvent({ message: 'last', lastSeen: JUST_NOW }),
      anEvent({ message: 'undated', lastSeen: null }),
    ];
    expect(only({ ...failing, events })?.reason).toBe('its deletion fails: last');
  });

  test('tells one of two answers of one moment, whichever came first', () => {
    const events = ['b', 'a', 'c'].map((message) => anEvent({ message }));
    const reasons = [events, events.toReversed()].map(
      (each) => only({ ...failing, events: each })?.reason,
    );
    expect(reasons).toEqual(['its deletion fails: a', 'its deletion fails: a']);
  });

  test('prefers what the event says to what a failed volume remembers, and dates the latter', () => {
    const failed = aPv({ phase: 'Failed', statusMessage: 'long ago', phaseSince: LONG_AGO });
    const world = { ...failing, persistentVolumes: [failed] };
    expect(only(world)?.reason).toBe(
      'its deletion fails: rpc error: code = Internal desc = dataset is busy',
    );
    const remembered = only({ ...world, events: [] });
    expect(remembered?.reason).toBe('its deletion fails: long ago');
    expect(remembered?.evidence.find(({ check }) => check === 'delete-attempted')?.detail).toBe(
      `${LONG_AGO.toISOString()}: long ago`,
    );
  });

  test('says that a volume that failed has to be Released again before anybody tries', () => {
    const last = (pv: ReturnType<typeof aPv>) =>
      only({ ...failing, persistentVolumes: [pv] })
        ?.remedy.steps.slice(1)
        .join(' ');
    expect(last(released)).toContain('Let the driver try again by itself');
    const failed = last(aPv({ phase: 'Failed', statusMessage: 'dependent clones' }));
    expect(failed).toContain('make the volume Released again');
    expect(failed).not.toContain('by itself');
  });

  test('names every kind of snapshot, in the order in which it is resolved', () => {
    const snapshots = [
      aZfsSnapshot({ name: 'auto-2026-10-01' }),
      aZfsSnapshot({ name: 'volume-source-for-volume-pvc-2' }),
      aZfsSnapshot(),
      aZfsSnapshot({ name: 'held', details: details({ holds: ['legal'] }) }),
      aZfsSnapshot({ name: 'unlooked', details: null }),
    ];
    const world = {
      ...failing,
      zfsSnapshots: snapshots,
      volumeSnapshotContents: [aContent()],
      volumeSnapshots: [aVolumeSnapshot()],
    };
    const finding = only(world);
    expect(finding?.reason).toBe(`its deletion fails: dataset ${DATASET} is held by held (legal)`);
    expect(finding?.evidence.find(({ check }) => check === 'cause-found')?.detail).toBe(
      [
        'held by held (legal)',
        `snapshotted for content ${CONTENT}`,
        'left with @volume-source-for-volume-pvc-2',
        'snapshotted by others as @auto-2026-10-01, @held, @unlooked',
      ].join('; '),
    );
    expect(finding?.remedy.steps.map((step) => step.split(' ', 2).join(' '))).toEqual([
      'Find out',
      'Ask whether',
      'Delete @volume-source-for-volume-pvc-2',
      'Take the',
      'Let the',
    ]);
  });

  test('joins the answer with what only some drivers mind', () => {
    const reason = only({
      ...failing,
      events: [anEvent({ message: 'filesystem has dependent snapshots' })],
      zfsSnapshots: ['d', 'b', 'a', 'c'].map((name) => aZfsSnapshot({ name })),
    })?.reason;
    expect(reason).toBe(
      `its deletion fails: filesystem has dependent snapshots; dataset ${DATASET} is snapshotted by others as @a, @b, @c and 1 more`,
    );
  });

  test('does not blame snapshots for what the driver does not blame them for', () => {
    const finding = only({ ...failing, zfsSnapshots: [aZfsSnapshot({ name: 'auto' })] });
    expect(finding?.reason).toBe(
      'its deletion fails: rpc error: code = Internal desc = dataset is busy',
    );
    expect(finding?.remedy.steps).toHaveLength(2);
    expect(finding?.evidence.find(({ check }) => check === 'cause-found')).toMatchObject({
      result: 'unknown',
      detail: 'there is, and the driver does not name it: snapshotted by others as @auto',
    });
  });

  test('of a content, names the clones of its snapshot', () => {
    expect(
      only({ datasets: [aDataset(), snapshotClone], volumeSnapshotContents: [dying] })?.reason,
    ).toBe(
      `its deletion fails: ${DATASET}@snapshot-${SNAPSHOT_UID} is cloned into ${PARENT}/pvc-clone`,
    );
  });

  test('of a content without a visible cause, tells the error', () => {
    const finding = only({ volumeSnapshotContents: [aContent({ ...dying, snapshot: null })] });
    expect(finding?.reason).toBe('its deletion fails: snapshot has dependent clones');
    expect(finding?.kubernetesReference).toBeNull();
  });
});

test('the second read looks at the volume, its dataset and all that stands in the way', () => {
  const objectsOf = (world: Parameters<typeof anInventory>[0]) => {
    const evidence = correlate(anInventory(world), DEFAULT_POLICY);
    const candidates = evaluate([deleteBlocked], evidence, DEFAULT_POLICY).flatMap((each) =>
      each.state === 'ran' ? each.candidates : [],
    );
    const { clusterLists, datasets, snapshots } = planSecondRead(candidates);
    return [
      [...clusterLists].sort(),
      [...(datasets.get('nas1') ?? []), ...(snapshots.get('nas1') ?? [])].sort(),
    ];
  };
  expect(
    objectsOf({ ...cloned, events: [anEvent()], zfsSnapshots: [aZfsSnapshot({ name: 's' })] }),
  ).toEqual([
    ['events', 'persistentVolumes'],
    [DATASET, `${DATASET}@s`, `${PARENT}/pvc-clone`].sort(),
  ]);
  expect(objectsOf({ ...failing, datasets: [] })).toEqual([['events', 'persistentVolumes'], []]);
  expect(
    objectsOf({ datasets: [aDataset(), snapshotClone], volumeSnapshotContents: [dying] }),
  ).toEqual([['volumeSnapshotContents'], [`${PARENT}/pvc-clone`]]);
});

test('says what was tried, and what is not known', () => {
  const seen = (world: ReturnType<typeof anInventory>, check: string) =>
    checkOf(deleteBlocked, world, HANDLE, check);
  expect(seen(anInventory(cloned), 'delete-attempted')).toEqual([
    'failed',
    'no event says that its deletion was tried and failed',
  ]);
  expect(seen(withoutList(anInventory(cloned), 'events'), 'delete-attempted')).toEqual([
    'unknown',
    'could not be read: the server said no',
  ]);
  expect(seen(anInventory({ ...failing, datasets: [] }), 'cause-found')).toEqual([
    'unknown',
    'nothing on TrueNAS is seen to stand in the way',
  ]);
});

test('says of a content who deletes it, what its status holds and where it is', () => {
  const world = (over: Parameters<typeof aContent>[0]) =>
    anInventory({ volumeSnapshotContents: [aContent({ ...dying, ...over })] });
  const seen = (over: Parameters<typeof aContent>[0], check: string) =>
    checkOf(deleteBlocked, world(over), CONTENT, check);
  const since = LONG_AGO.toISOString();
  expect(seen({}, 'delete-wanted')).toEqual(['passed', `being deleted since ${since}`]);
  expect(seen({ deletedAt: null }, 'delete-wanted')).toEqual(['failed', 'nobody deletes it']);
  expect(seen({}, 'delete-fails')).toEqual(['passed', 'snapshot has dependent clones']);
  expect(seen({ error: null }, 'delete-fails')).toEqual(['failed', 'its status holds no error']);
  const found = (over: Parameters<typeof aContent>[0]) => findingsOf(deleteBlocked, world(over))[0];
  expect(found({})).toMatchObject({
    place: { system: 'nas1', path: DATASET },
    size: 98_304,
    truenasReference: `${DATASET}@snapshot-${SNAPSHOT_UID}`,
    kubernetesReference: 'media/weekly',
  });
  expect(found({ snapshotHandle: 'odd', restoreSize: null })).toMatchObject({
    place: null,
    size: null,
    truenasReference: 'odd',
  });
});
