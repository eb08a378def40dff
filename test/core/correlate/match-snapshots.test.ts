import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aContent,
  aDataset,
  aDriver,
  aFolder,
  anInventory,
  aVolumeSnapshot,
  aZfsSnapshot,
  HANDLE,
  PARENT,
  properties,
  SNAPSHOT_UID,
} from '../../support/builders.ts';

const linksOf = (world: Parameters<typeof anInventory>[0]) =>
  correlate(anInventory(world), DEFAULT_POLICY).derived.snapshotLinks;

const dataset = aDataset();
const other = '11111111-2222-4333-8444-555555555555';

describe('what stands behind a content', () => {
  const backendOf = (
    content: ReturnType<typeof aContent>,
    world: Parameters<typeof anInventory>[0] = {},
  ) =>
    linksOf({ datasets: [dataset], volumeSnapshotContents: [content], ...world }).backendOf(
      content,
    );

  test('is the snapshot its handle names', () => {
    expect(backendOf(aContent(), { zfsSnapshots: [aZfsSnapshot()] })).toEqual({
      state: 'found',
      id: `${HANDLE}@snapshot-${SNAPSHOT_UID}`,
    });
  });

  test('is the snapshot of its uid, while its driver has not answered', () => {
    const waiting = aContent({ name: 'waiting', snapshotHandle: null });
    expect(backendOf(waiting, { zfsSnapshots: [aZfsSnapshot()] })).toEqual({
      state: 'found',
      id: 'waiting',
    });
  });

  test('is gone where nothing of its name is left anywhere', () => {
    expect(backendOf(aContent())).toMatchObject({
      state: 'absent',
      kind: 'snapshot',
      system: 'nas1',
      id: `${PARENT}/${HANDLE}@snapshot-${SNAPSHOT_UID}`,
      parent: { path: PARENT },
    });
  });

  test('is one snapshot for two contents of one handle', () => {
    const [own, second] = [aContent(), aContent({ name: 'imported', snapshot: null })];
    const links = linksOf({
      datasets: [dataset],
      volumeSnapshotContents: [own, second],
      zfsSnapshots: [aZfsSnapshot()],
    });
    expect([own, second].map((content) => links.backendOf(content))).toEqual([
      { state: 'found', id: `${dataset.id}@snapshot-${SNAPSHOT_UID}` },
      { state: 'found', id: `${HANDLE}@snapshot-${SNAPSHOT_UID}` },
    ]);
  });

  test('is a detached copy at its place, even one without a mark', () => {
    const copy = `tank/detached/${HANDLE}/snapshot-${SNAPSHOT_UID}`;
    const content = aContent({ snapshotHandle: `${HANDLE}/snapshot-${SNAPSHOT_UID}` });
    const datasets = [dataset, aDataset({ id: copy, properties: properties() })];
    expect(backendOf(content, { datasets })).toEqual({ state: 'found', id: copy });
    expect(backendOf(content)).toMatchObject({ state: 'absent', kind: 'dataset', id: copy });
  });

  test('is a detached copy of its name, wherever that was moved', () => {
    const name = `snapshot-${SNAPSHOT_UID}`;
    const content = aContent({ snapshotHandle: `${HANDLE}/${name}` });
    const moved = aDataset({
      id: 'tank/moved/copy',
      properties: properties({ csiSnapshotName: name }),
    });
    expect(backendOf(content, { datasets: [aFolder('tank/moved'), moved] })).toEqual({
      state: 'found',
      id: 'tank/moved/copy',
    });
  });

  test('is unknown where its handle cannot be read', () => {
    expect(backendOf(aContent({ snapshotHandle: 'nonsense' }))).toEqual({
      state: 'unknown',
      reason: 'its handle cannot be read',
    });
  });

  test('is unknown where no parent of its driver is known, or several are', () => {
    const reason = 'no single parent of driver org.democratic-csi.nfs is known';
    const unknown = { state: 'unknown', reason };
    expect(backendOf(aContent(), { drivers: [aDriver({ driver: 'else' })] })).toEqual(unknown);
    const two = { drivers: [aDriver(), aDriver({ parent: 'tank/b' })] };
    expect(backendOf(aContent(), two)).toEqual(unknown);
  });

  test('is unknown for a copy that its driver keeps apart, and does not say where', () => {
    const snapshotHandle = `detached:nfs:${HANDLE}@gone`;
    expect(backendOf(aContent({ snapshotHandle })).state).toBe('unknown');
  });
});

describe('who counts on a snapshot', () => {
  test('is told by the uid in its name: a content, and else a VolumeSnapshot', () => {
    const links = linksOf({
      volumeSnapshotContents: [aContent()],
      volumeSnapshots: [aVolumeSnapshot(), aVolumeSnapshot({ name: 'daily', uid: other })],
    });
    expect(links.claimantOf(`snapshot-${SNAPSHOT_UID}`)).toBe(
      `content snapcontent-${SNAPSHOT_UID}`,
    );
    expect(links.claimantOf(`snapshot-${other}`)).toBe('VolumeSnapshot media/daily');
    expect(links.claimantOf('snapshot-00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });

  test('is told by the whole name where that holds no uid, or not the one Kubernetes knows', () => {
    const imported = aContent({ name: 'imported', snapshotHandle: `${HANDLE}@before-upgrade` });
    const fixed = aContent({ name: 'fixed', snapshotHandle: `${HANDLE}@golden`, snapshot: null });
    const zfsSnapshots = ['before-upgrade', 'golden', 'auto'].map((name) => aZfsSnapshot({ name }));
    const links = linksOf({ volumeSnapshotContents: [imported, fixed], zfsSnapshots });
    expect(zfsSnapshots.map((snapshot) => links.isClaimed(snapshot))).toEqual([true, true, false]);
    expect(links.claimantOf('before-upgrade')).toBe('content imported');
    expect(links.claimantOf('golden')).toBe('content fixed');
  });

  test('holds wherever the snapshot lies: a parent that was moved takes its snapshots along', () => {
    const moved = aZfsSnapshot({ dataset: 'tank/moved/volume' });
    const claimed = { volumeSnapshotContents: [aContent()], zfsSnapshots: [moved] };
    expect(linksOf(claimed).isClaimed(moved)).toBe(true);
    expect(
      linksOf({ volumeSnapshots: [aVolumeSnapshot()], zfsSnapshots: [moved] }).isClaimed(moved),
    ).toBe(true);
    expect(linksOf({ zfsSnapshots: [moved] }).isClaimed(moved)).toBe(false);
  });
});

test('contents are known by the volume their handle names, whether its snapshot was seen or not', () => {
  const links = linksOf({
    volumeSnapshotContents: [
      aContent({ name: 'one' }),
      aContent({ name: 'two', snapshotHandle: `tank/elsewhere/${HANDLE}@snapshot-2` }),
      aContent({ name: 'other', snapshotHandle: 'pvc-other@snapshot-3' }),
      aContent({ name: 'copied', snapshotHandle: `${HANDLE}/snapshot-4` }),
      aContent({ name: 'unreadable', snapshotHandle: 'nonsense' }),
    ],
  });
  expect(links.contentNaming(HANDLE)).toBe('one');
  expect(links.contentNaming('pvc-other')).toBe('other');
  expect(links.contentNaming('pvc-unknown')).toBeUndefined();
});
