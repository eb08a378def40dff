import { describe, expect, test } from 'vitest';
import { snapshotContentUnclaimed } from '../../../../src/lib/core/rules/orphans/snapshot-content-unclaimed.ts';
import {
  aContent,
  aDriver,
  anInventory,
  aVolumeSnapshot,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
  SNAPSHOT_UID,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const CONTENT = `snapcontent-${SNAPSHOT_UID}`;

const seen = (name: string, since = LONG_AGO) =>
  [`cluster-uid snapshot-content-unclaimed VolumeSnapshotContent//${name}`, since] as const;
const firstSeen = new Map([seen(CONTENT)]);
const leaked = aContent();

/** A healthy pair, so that one leaked content is not a fifth of all. */
function pair(at: number) {
  const uid = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  return {
    content: aContent({
      name: `snapcontent-${uid}`,
      snapshotHandle: `${HANDLE}@snapshot-${uid}`,
      snapshot: { namespace: 'media', name: `daily-${String(at)}`, uid },
    }),
    snapshot: aVolumeSnapshot({ name: `daily-${String(at)}`, uid }),
  };
}
const pairs = [1, 2, 3].map(pair);
const sixteen = Array.from({ length: 16 }, (_, at) => pair(at));
const contents = pairs.map(({ content }) => content);
const snapshots = pairs.map(({ snapshot }) => snapshot);

testRule(snapshotContentUnclaimed, {
  certain: {
    'a content that policy Delete should have removed': [
      anInventory({
        volumeSnapshotContents: [leaked, ...contents],
        volumeSnapshots: snapshots,
        firstSeen,
      }),
      [CONTENT],
    ],
    'three of sixteen contents, which are no fifth of all': [
      anInventory({
        volumeSnapshotContents: sixteen.map(({ content }) => content),
        volumeSnapshots: sixteen.slice(3).map(({ snapshot }) => snapshot),
        firstSeen: new Map(sixteen.map(({ content }) => seen(content.name))),
      }),
      sixteen.slice(0, 3).map(({ content }) => content.name),
    ],
    'three of fifteen contents, which are a fifth and no more': [
      anInventory({
        volumeSnapshotContents: sixteen.slice(1).map(({ content }) => content),
        volumeSnapshots: sixteen.slice(4).map(({ snapshot }) => snapshot),
        firstSeen: new Map(sixteen.map(({ content }) => seen(content.name))),
      }),
      sixteen.slice(1, 4).map(({ content }) => content.name),
    ],
    'a content with an error from when it was made, and no deletion under way': [
      anInventory({
        volumeSnapshotContents: [
          aContent({ error: { message: 'no', since: LONG_AGO } }),
          ...contents,
        ],
        volumeSnapshots: snapshots,
        firstSeen,
      }),
      [CONTENT],
    ],
    'a content whose deletion is long under way and gets no answer': [
      anInventory({
        volumeSnapshotContents: [aContent({ deletedAt: LONG_AGO }), ...contents],
        volumeSnapshots: snapshots,
        firstSeen,
      }),
      [CONTENT],
    ],
  },
  likely: {
    'a content that Retain keeps': [
      anInventory({
        volumeSnapshotContents: [aContent({ deletionPolicy: 'Retain' })],
        firstSeen,
      }),
      [CONTENT],
      'not-kept-on-purpose',
    ],
    'a content that Velero labelled': [
      anInventory({
        volumeSnapshotContents: [aContent({ labels: { 'velero.io/backup-name': 'nightly' } })],
        firstSeen,
      }),
      [CONTENT],
      'not-kept-on-purpose',
    ],
    'a content that Velero annotated': [
      anInventory({
        volumeSnapshotContents: [
          aContent({ annotations: { 'backup.velero.io/must-include-additional-items': 'true' } }),
        ],
        firstSeen,
      }),
      [CONTENT],
      'not-kept-on-purpose',
    ],
    'a content that is seen so for the first time': [
      anInventory({ volumeSnapshotContents: [leaked] }),
      [CONTENT],
      'unclaimed-for-threshold',
    ],
    'a content that was seen so only just now': [
      anInventory({
        volumeSnapshotContents: [leaked],
        firstSeen: new Map([seen(CONTENT, JUST_NOW)]),
      }),
      [CONTENT],
      'unclaimed-for-threshold',
    ],
    'a content whose VolumeSnapshot was made anew under its name': [
      anInventory({
        volumeSnapshotContents: [leaked],
        volumeSnapshots: [aVolumeSnapshot({ uid: 'another' })],
        firstSeen,
      }),
      [CONTENT],
      'name-not-reused',
    ],
    'a content made by hand whose VolumeSnapshot never came': [
      anInventory({
        volumeSnapshotContents: [
          aContent({ snapshot: { namespace: 'media', name: 'weekly', uid: null } }),
        ],
        firstSeen,
      }),
      [CONTENT],
      'was-bound',
    ],
    'a content that names no VolumeSnapshot at all': [
      anInventory({ volumeSnapshotContents: [aContent({ snapshot: null })], firstSeen }),
      [CONTENT],
      'was-bound',
    ],
    'all three contents of ours at once, among many of some other storage': [
      anInventory({
        volumeSnapshotContents: [
          ...contents,
          ...sixteen.slice(4).flatMap(({ content }) =>
            ['a', 'b'].map((prefix) => ({
              ...content,
              name: `${prefix}-${content.name}`,
              driver: 'ebs.csi.aws.com',
            })),
          ),
        ],
        volumeSnapshots: sixteen.slice(4).map(({ snapshot }) => snapshot),
        firstSeen: new Map(contents.map(({ name }) => seen(name))),
      }),
      contents.map(({ name }) => name),
      'few-unclaimed-at-once',
    ],
    'a cluster whose VolumeSnapshots are all gone at once': [
      anInventory({
        volumeSnapshotContents: contents,
        firstSeen: new Map(contents.map(({ name }) => seen(name))),
      }),
      contents.map(({ name }) => name),
      'few-unclaimed-at-once',
    ],
  },
  silent: {
    'a content with its VolumeSnapshot': anInventory({
      volumeSnapshotContents: [leaked],
      volumeSnapshots: [aVolumeSnapshot()],
    }),
    'a content made by hand that is not yet bound': anInventory({
      volumeSnapshotContents: [
        aContent({ snapshot: { namespace: 'media', name: 'weekly', uid: null } }),
      ],
      volumeSnapshots: [aVolumeSnapshot({ uid: 'another' })],
    }),
    'a content that was made just now': anInventory({
      volumeSnapshotContents: [aContent({ createdAt: JUST_NOW })],
      firstSeen,
    }),
    'a content that is being deleted': anInventory({
      volumeSnapshotContents: [aContent({ deletedAt: JUST_NOW })],
      firstSeen,
    }),
    'a content whose deletion fails, which delete-blocked reports': anInventory({
      volumeSnapshotContents: [
        aContent({ deletedAt: LONG_AGO, error: { message: 'no', since: LONG_AGO } }),
      ],
      firstSeen,
    }),
    'a content of some other storage': anInventory({
      volumeSnapshotContents: [aContent({ driver: 'ebs.csi.aws.com' })],
      firstSeen,
    }),
  },
});

describe('what it says', () => {
  const only = (over: Parameters<typeof aContent>[0]) =>
    findingsOf(
      snapshotContentUnclaimed,
      anInventory({ volumeSnapshotContents: [aContent(over)], firstSeen }),
    ).map(({ severity, reason, remedy, reclaimable, truenasReference }) => ({
      severity,
      reason,
      action: remedy.action,
      reclaimable,
      truenasReference,
    }));
  const snapshot = `${PARENT}/${HANDLE}@snapshot-${SNAPSHOT_UID}`;

  test.each([
    [{}, 'medium', 'its VolumeSnapshot is gone, and deletion policy Delete should have removed it'],
    [
      { deletionPolicy: 'Retain' },
      'low',
      'its VolumeSnapshot is gone, deletion policy Retain keeps it',
    ],
    [
      { labels: { 'velero.io/backup-name': 'nightly' }, deletionPolicy: 'Retain' },
      'info',
      'its VolumeSnapshot is gone, kept on purpose by Velero',
    ],
  ])('of %o: %s', (over, severity, reason) => {
    expect(only(over)).toEqual([
      { severity, reason, action: 'investigate', reclaimable: 0, truenasReference: snapshot },
    ]);
  });

  test('names the detached copy by its place', () => {
    const handle = { snapshotHandle: `${HANDLE}/snapshot-${SNAPSHOT_UID}` };
    expect(only(handle)[0]?.truenasReference).toBe(
      `tank/detached/${HANDLE}/snapshot-${SNAPSHOT_UID}`,
    );
  });

  test('names the handle where its place is not known', () => {
    const handles = ['odd', `detached:nfs:${HANDLE}@copy`, `elsewhere/vol@snap`];
    expect(handles.map((snapshotHandle) => only({ snapshotHandle })[0]?.truenasReference)).toEqual(
      handles,
    );
  });

  test('does not choose between two places', () => {
    const world = anInventory({
      volumeSnapshotContents: [leaked],
      drivers: [aDriver(), aDriver({ parent: 'tank/other' })],
    });
    expect(findingsOf(snapshotContentUnclaimed, world)[0]?.truenasReference).toBe(
      leaked.snapshotHandle,
    );
  });
});

test('does not take what is kept on purpose for a sign of a restored cluster', () => {
  const kept = contents.map((each) => ({ ...each, deletionPolicy: 'Retain' }));
  const world = anInventory({
    volumeSnapshotContents: [leaked, ...kept],
    volumeSnapshots: [],
    firstSeen: new Map([...firstSeen, ...kept.map(({ name }) => seen(name))]),
  });
  const certain = findingsOf(snapshotContentUnclaimed, world).filter(
    ({ confidence }) => confidence === 'certain',
  );
  expect(certain.map(({ subject }) => subject.name)).toEqual([CONTENT]);
});

test('says to whom it was bound, and whether a deletion of it fails', () => {
  const told = (over: Parameters<typeof aContent>[0], check: string) =>
    checkOf(
      snapshotContentUnclaimed,
      anInventory({ volumeSnapshotContents: [aContent(over)], firstSeen }),
      CONTENT,
      check,
    );
  expect(told({}, 'was-bound')).toEqual(['passed', `it was bound to ${SNAPSHOT_UID}`]);
  expect(told({ snapshot: null }, 'was-bound')).toEqual(['failed', 'it was never bound']);
  const error = { message: 'no', since: LONG_AGO };
  const sound = ['passed', 'no deletion of it fails'];
  for (const over of [{}, { error }, { deletedAt: LONG_AGO }]) {
    expect(told(over, 'not-delete-blocked')).toEqual(sound);
  }
  expect(told({ error, deletedAt: LONG_AGO }, 'not-delete-blocked')).toEqual([
    'failed',
    'its deletion is under way and fails',
  ]);
});

test('is placed on the dataset the snapshot was taken of, and as large as what could be restored', () => {
  const found = (over: Parameters<typeof aContent>[0]) =>
    findingsOf(
      snapshotContentUnclaimed,
      anInventory({ volumeSnapshotContents: [aContent(over)], firstSeen }),
    )[0];
  expect(found({})).toMatchObject({
    place: { system: 'nas1', path: `${PARENT}/${HANDLE}` },
    size: 98_304,
  });
  expect(found({ restoreSize: null })?.size).toBeNull();
  expect(found({})?.remedy.steps[0]).toMatch(/^Ask the owner/);
  const velero = found({ labels: { 'velero.io/backup-name': 'n' } })?.remedy.steps.slice(0, 2);
  expect(velero).toEqual([
    expect.stringMatching(/^Ask Velero first/),
    expect.stringMatching(/^Look whether the Velero backup/),
  ]);
});
