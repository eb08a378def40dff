import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { detailOf, type Check } from '../../../../src/lib/core/model/check.ts';
import { COMPLETE, failed, listed } from '../../../../src/lib/core/model/coverage.ts';
import { type ZfsSnapshot } from '../../../../src/lib/core/model/truenas.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  noClaimedSnapshot,
  noClone,
  noHold,
  noInlineVolume,
  noNvmeSession,
  noSession,
} from '../../../../src/lib/core/rules/checks/leaning.ts';
import {
  aContent,
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  aPod,
  aPv,
  aTarget,
  aZfsSnapshot,
  details,
  HANDLE,
  size,
  SNAPSHOT_UID,
} from '../../../support/builders.ts';
import { withoutList } from '../../../support/rule-tester.ts';

const filesystem = aDataset();
const zvol = aDataset({ kind: 'volume' });
const unread = failed('the server said no');

const derivedOf = (world: Parameters<typeof anInventory>[0]) =>
  correlate(anInventory(world), DEFAULT_POLICY).derived;
const seen = <T>(value: T, coverage = COMPLETE) => ({ value, coverage });
const said = (check: Check) => [check.result, detailOf(check)];
const blind = ['unknown', 'could not be read: the server said no'];

test('clones are named, and that there are none is said', () => {
  expect(said(noClone([]))).toEqual(['passed', 'none']);
  const clones = ['tank/a', 'tank/b'].map((id) => aDataset({ id }));
  expect(said(noClone(clones))).toEqual(['failed', 'cloned into tank/a, tank/b']);
});

describe('an iSCSI session', () => {
  const { exports } = derivedOf({
    datasets: [zvol],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget(), aTarget({ id: 99, name: 'vm' })],
    iscsiTargetExtents: [aMapping()],
  });
  const session = (target: string, system = 'nas1') => ({
    system,
    target: `iqn.2005-10.org.freenas.ctl:${target}`,
    initiator: `iqn.of-${target}`,
  });
  const check = (...sessions: ReturnType<typeof session>[]) =>
    said(noSession(zvol, seen(exports), listed(sessions)));

  test('of its own target leans on a zvol, in whatever case the target is written', () => {
    expect(check(session(`CSI-${HANDLE}`))).toEqual(['failed', `iqn.of-CSI-${HANDLE}`]);
  });

  test('of another target leans on nothing of it', () => {
    expect(check(session('vm'))).toEqual(['passed', 'none']);
  });

  test('of another system leans on nothing of it', () => {
    expect(check(session(`csi-${HANDLE}`, 'nas2'))).toEqual(['passed', 'none']);
  });

  test('may be there where sessions, or what is exported, could not be read', () => {
    expect(said(noSession(zvol, seen(exports), listed([], unread)))).toEqual(blind);
    expect(said(noSession(zvol, seen(exports, unread), listed([])))).toEqual(blind);
  });

  test('is nothing a filesystem has: who mounts it cannot be known', () => {
    const { id, weight, result } = noSession(filesystem, seen(exports), listed([]));
    expect([id, weight, result]).toEqual(['no-nfs-client', 'note', 'unknown']);
  });
});

describe('an NVMe-oF session', () => {
  const { exports } = derivedOf({ datasets: [zvol], nvmetNamespaces: [aNamespace()] });
  const session = (subsystemId: number, system = 'nas1') => ({
    system,
    subsystemId,
    host: `nqn.host-of-${subsystemId}`,
  });
  const check = (...sessions: ReturnType<typeof session>[]) =>
    noNvmeSession(zvol, seen(exports), listed([]), listed(sessions)).map(said);

  test('of its own subsystem leans on a zvol', () => {
    expect(check(session(5))).toEqual([['failed', 'nqn.host-of-5']]);
  });

  test('of another subsystem, or another system, leans on nothing of it', () => {
    expect(check(session(6), session(5, 'nas2'))).toEqual([['passed', 'none']]);
  });

  test('may be there where sessions or namespaces could not be read', () => {
    const checks = [
      ...noNvmeSession(zvol, seen(exports), listed([]), listed([], unread)),
      ...noNvmeSession(zvol, seen(exports), listed([], unread), listed([])),
    ];
    expect(checks.map(said)).toEqual([blind, blind]);
  });

  test('is nothing a filesystem has', () => {
    expect(noNvmeSession(filesystem, seen(exports), listed([]), listed([]))).toEqual([]);
  });
});

test('pods that mount the dataset themselves are named', () => {
  const { volumeLinks, claimUse } = derivedOf({
    datasets: [filesystem],
    pods: [
      aPod({ inlineVolumes: [{ kind: 'nfs', server: 'n', path: filesystem.mountpoint ?? '' }] }),
    ],
  });
  expect(said(noInlineVolume(filesystem, volumeLinks, seen(claimUse)))).toEqual([
    'failed',
    'media/player-0',
  ]);
});

test('a volume whose own name could not be followed may be the one', () => {
  const attributes = { node_attach_driver: 'smb', share: 'office' };
  const source = {
    kind: 'csi',
    driver: 'org.democratic-csi.nfs',
    handle: 'x',
    attributes,
  } as const;
  const world = anInventory({
    datasets: [filesystem],
    persistentVolumes: [aPv({ name: 'office', source })],
  });
  const noneIn = (inventory: typeof world) => {
    const { volumeLinks, claimUse } = correlate(inventory, DEFAULT_POLICY).derived;
    return said(noInlineVolume(filesystem, volumeLinks, seen(claimUse)));
  };
  expect(noneIn(world)).toEqual(['passed', 'none']);
  expect(noneIn(withoutList(world, 'smbShares'))).toEqual([
    'unknown',
    'could not be read: smbShares could not be read: the server said no',
  ]);
});

test('snapshots that Kubernetes counts on are named, and their absence wants every list', () => {
  const { snapshotLinks } = derivedOf({
    datasets: [filesystem],
    zfsSnapshots: [aZfsSnapshot(), aZfsSnapshot({ name: 'auto' })],
    volumeSnapshotContents: [aContent()],
  });
  expect(said(noClaimedSnapshot(filesystem, seen(snapshotLinks)))).toEqual([
    'failed',
    `snapshot-${SNAPSHOT_UID}`,
  ]);
  expect(said(noClaimedSnapshot(zvol, seen(derivedOf({}).snapshotLinks, unread)))).toEqual(blind);
});

test('a content that names a snapshot of the dataset counts on it, though no list shows that', () => {
  const { snapshotLinks } = derivedOf({
    datasets: [filesystem],
    volumeSnapshotContents: [aContent({ name: 'kept' })],
    zfsSnapshots: [aZfsSnapshot({ name: 'auto' })],
  });
  expect(said(noClaimedSnapshot(filesystem, seen(snapshotLinks)))).toEqual([
    'failed',
    'content kept',
  ]);
});

test('snapshots that hold something and are not listed may be held, or claimed', () => {
  const holding = (bytes: number, zfsSnapshots: readonly ZfsSnapshot[] = []) => {
    const dataset = aDataset({ usedBySnapshots: size(bytes) });
    const { snapshotLinks } = derivedOf({ datasets: [dataset], zfsSnapshots });
    return said(noClaimedSnapshot(dataset, seen(snapshotLinks)));
  };
  expect(holding(5 * 2 ** 30)).toEqual([
    'unknown',
    'could not be read: snapshots hold 5 GiB, yet none is listed',
  ]);
  expect(holding(5 * 2 ** 30, [aZfsSnapshot({ name: 'auto' })])).toEqual(['passed', 'none']);
  expect(holding(2 ** 20)).toEqual(['passed', 'none']);
});

test('a held snapshot is named, and one that was not looked up may be held', () => {
  const held = aZfsSnapshot({ name: 'kept', details: details({ holds: ['backup'] }) });
  const free = aZfsSnapshot({ name: 'free' });
  const unknown = aZfsSnapshot({ name: 'new', details: null });
  expect(said(noHold([held, unknown, free], COMPLETE))).toEqual([
    'failed',
    'snapshot kept is held by backup',
  ]);
  expect(said(noHold([free], COMPLETE))).toEqual(['passed', 'none']);
  expect(said(noHold([free], unread))).toEqual(blind);
  expect(said(noHold([free, unknown], COMPLETE))).toEqual([
    'unknown',
    'could not be read: holds of 1 snapshots are not known',
  ]);
});
