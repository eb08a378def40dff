import { describe, expect, test } from 'vitest';
import {
  datasetPathsNamedBy,
  insideSmbShareOf,
  isDemocraticCsi,
  isTrueNasDriverName,
  leafOfSource,
  parseSnapshotHandle,
  sharePathsOf,
  snapshotHandleOf,
  subsystemNameOf,
  targetNamesOf,
} from '../../../src/lib/core/correlate/volume-handle.ts';
import { aContent, aPv, HANDLE, SNAPSHOT_UID } from '../../support/builders.ts';

const csi = (attributes: Readonly<Record<string, string>>, handle = 'x') =>
  ({ kind: 'csi', driver: 'd', handle, attributes }) as const;
const nfs = { kind: 'nfs', server: 's', path: '/mnt/a' } as const;
const iscsi = { kind: 'iscsi', portal: 'p', iqn: 'iqn.x:t', lun: 0 } as const;
const other = { kind: 'other', type: 'local' } as const;

test.each([
  ['freenas-api-nfs', true],
  ['truenas-iscsi', true],
  ['zfs-generic-iscsi', true],
  ['zfs-local-dataset', false],
  ['node-manual', false],
  ['', false],
])('democratic-csi as %s puts volumes on a NAS: %s', (provisioner_driver, expected) => {
  expect(isDemocraticCsi(aPv({ source: csi({ provisioner_driver }) }))).toBe(expected);
});

test('a driver’s name is a mark only where it is fixed', () => {
  expect(['csi.truenas.io', 'tns.csi.io', 'org.truenas.csi.nfs'].every(isTrueNasDriverName)).toBe(
    true,
  );
  expect(isTrueNasDriverName('org.democratic-csi.nfs')).toBe(false);
  expect([aPv({ source: nfs }), aPv({ source: csi({}) })].some(isDemocraticCsi)).toBe(false);
});

test('a source names mount paths, but an SMB share’s name is none', () => {
  expect(
    [nfs, csi({ share: '/mnt/a', nfsPath: '/mnt/b' }), csi({ share: 'films' }), iscsi].map(
      sharePathsOf,
    ),
  ).toEqual([['/mnt/a'], ['/mnt/a', '/mnt/b'], [], []]);
});

test('a source names targets', () => {
  expect(
    [iscsi, csi({ iqn: 'a', targetIQN: 'b', iscsiIQN: 'c' }), csi({ iqn: '' }), nfs].map(
      targetNamesOf,
    ),
  ).toEqual([['iqn.x:t'], ['a', 'b', 'c'], [], []]);
});

test('a source says where in an SMB share it lies, in each of the ways it may be written', () => {
  const inside = (attributes: Readonly<Record<string, string>>) =>
    insideSmbShareOf(csi(attributes));
  expect(inside({ source: '//nas/media/films/new' })).toEqual(['films/new']);
  expect(inside({ source: '//nas/media', subdir: 'films' })).toEqual(['films']);
  expect(inside({ source: '//nas/media/films', subdir: 'new' })).toEqual([
    'films',
    'new',
    'films/new',
  ]);
  expect(inside({ source: '//nas/media' })).toEqual([]);
  expect(inside({})).toEqual([]);
  expect(insideSmbShareOf(nfs)).toEqual([]);
});

test('a source names a subsystem by a name that is not empty', () => {
  expect([csi({ nqn: 'nqn.x:a' }), csi({ nqn: '' }), csi({}), nfs].map(subsystemNameOf)).toEqual([
    'nqn.x:a',
    undefined,
    undefined,
    undefined,
  ]);
});

test('a source names dataset paths where its driver uses them as handles', () => {
  expect(
    [csi({}, 'tank/csi/a'), csi({ datasetID: 'tank/a', datasetName: 'tank/b' }), other].map(
      datasetPathsNamedBy,
    ),
  ).toEqual([['tank/csi/a'], ['tank/a', 'tank/b'], []]);
});

describe('a snapshot handle', () => {
  test.each([
    ['vol@snap', 'attached', 'vol', 'snap'],
    ['tank/csi/vol@snap', 'attached', 'tank/csi/vol', 'snap'],
    ['nfs:tank/csi/vol@snap', 'attached', 'tank/csi/vol', 'snap'],
    ['iscsi:vol@snap', 'attached', 'vol', 'snap'],
    ['detached:nfs:tank/csi/vol@snap', 'copy', 'tank/csi/vol', 'snap'],
    ['vol/snap', 'detached', 'vol', 'snap'],
  ])('%s is %s, of %s, called %s', (handle, kind, volume, snapshot) => {
    expect(parseSnapshotHandle(handle)).toEqual({ kind, volume, snapshot });
  });

  test.each(['', 'snap', '@snap', 'vol@', '/snap', 'vol/'])('cannot be read: "%s"', (handle) => {
    expect(parseSnapshotHandle(handle)).toBeUndefined();
  });

  test('follows from the uid as long as the driver has not answered', () => {
    expect(snapshotHandleOf(aContent({ snapshotHandle: null }))).toEqual({
      kind: 'attached',
      volume: HANDLE,
      snapshot: `snapshot-${SNAPSHOT_UID}`,
    });
    expect(snapshotHandleOf(aContent({ snapshotHandle: null, snapshot: null }))).toBeUndefined();
    expect(
      snapshotHandleOf(aContent({ snapshotHandle: null, volumeHandle: null })),
    ).toBeUndefined();
  });
});

test.each([
  ['pvc-1@snapshot-1', 'pvc-1'],
  ['tank/k8s/pvc-1@snapshot-1', 'pvc-1'],
  ['nfs:tank/k8s/pvc-1@snapshot-1', 'pvc-1'],
  ['nfs:pvc-1@snapshot-1', 'pvc-1'],
  ['detached:nfs:tank/k8s/pvc-1@snapshot-1', undefined],
  ['pvc-1/snapshot-1', undefined],
  ['@snapshot-1', undefined],
  ['pvc-1@', undefined],
  [null, 'pvc-2'],
])('the leaf of the volume behind handle %s is %s', (snapshotHandle, leaf) => {
  expect(leafOfSource(aContent({ snapshotHandle, volumeHandle: 'pvc-2' }))).toBe(leaf);
});
