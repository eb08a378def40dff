import { expect, test } from 'vitest';
import {
  snapshotAt,
  snapshotOnDevice,
  SnapshotUse,
} from '../../../src/lib/core/correlate/snapshot-use.ts';

const mountPath = '/mnt/tank/k8s/a';

test.each([
  [`${mountPath}/.zfs/snapshot/daily`, 'daily'],
  [`${mountPath}/.zfs/snapshot/daily/some/file`, 'daily'],
  [`${mountPath}/.zfs/snapshot`, undefined],
  [`${mountPath}/.zfs`, undefined],
])('%s leads into a snapshot, or into all of them', (path, snapshot) => {
  expect(snapshotAt(path)).toEqual({ mountPath, snapshot });
  expect(snapshotOnDevice(path)).toEqual({ mountPath, snapshot });
});

test.each([mountPath, `${mountPath}/.zfsx/snapshot/daily`, `${mountPath}/.zfs/shares/a`, ''])(
  '%s leads into none',
  (path) => {
    expect(snapshotAt(path)).toBeUndefined();
    expect(snapshotOnDevice(path)).toBeUndefined();
  },
);

test('the device of a snapshot shows it, and that of a zvol or a file by such a name none', () => {
  expect(snapshotOnDevice('zvol/tank/k8s/a@daily')).toEqual({ mountPath, snapshot: 'daily' });
  expect(snapshotOnDevice('/dev/zvol/tank/my+k8s/a@daily')).toEqual({
    mountPath: '/mnt/tank/my k8s/a',
    snapshot: 'daily',
  });
  expect(snapshotOnDevice('zvol/tank/k8s/a')).toBeUndefined();
  expect(snapshotOnDevice('/mnt/tank/images/a@daily.img')).toBeUndefined();
});

test('who uses all snapshots of a dataset uses each, and nobody else’s', () => {
  const use = new SnapshotUse();
  use.add('nas1', { mountPath, snapshot: 'Daily' }, 'one');
  use.add('nas1', { mountPath, snapshot: undefined }, 'all');
  expect(use.of('nas1', mountPath, 'daily')).toEqual(['one', 'all']);
  expect(use.of('nas1', mountPath, 'weekly')).toEqual(['all']);
  expect(use.of('nas2', mountPath, 'daily')).toEqual([]);
  expect(use.of('nas1', `${mountPath}b`, 'daily')).toEqual([]);
});
