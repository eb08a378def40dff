import { expect, test } from 'vitest';
import { isTemporarySnapshot } from '../../../src/lib/core/correlate/temporary-snapshot.ts';

test.each([
  'volume-source-for-volume-pvc-1',
  'volume-source-for-snapshot-snapshot-1',
  'csi-clone-tank-k8s-pvc-1-1763770000',
  'csi-detached-temp-1763770000000000000',
])('%s is what a driver left', (name) => {
  expect(isTemporarySnapshot(name)).toBe(true);
});

test.each([
  'auto-2026-11-22_00-00',
  'volume-source-for-the-audit',
  'volume-source-for-volume-',
  'csi-clone-before-upgrade',
  'csi-clone-before-upgrade-2',
  'csi-detached-temp-1763770000',
  'csi-detached-temp-of-mine',
  'my-csi-clone-x-1',
])('%s is somebody’s', (name) => {
  expect(isTemporarySnapshot(name)).toBe(false);
});
