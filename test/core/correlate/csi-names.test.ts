import { expect, test } from 'vitest';
import { csiSubsystemName, csiTargetName } from '../../../src/lib/core/correlate/csi-names.ts';

test('csi.truenas.io names a target and a subsystem after the path, in small letters', () => {
  expect(csiTargetName('tank/K8s/pvc-1')).toBe('csi-tank-k8s-pvc-1');
  expect(csiSubsystemName('tank/K8s/pvc-1')).toBe('csi-tank-k8s-pvc-1');
});

test('what such a name may not hold becomes a dash; a subsystem has no colon either', () => {
  const path = 'My Pool/k8s_official/a.b:c d';
  expect(csiTargetName(path)).toBe('csi-my-pool-k8s-official-a.b:c-d');
  expect(csiSubsystemName(path)).toBe('csi-my-pool-k8s-official-a.b-c-d');
});

test('it cuts a target after 120 characters and a subsystem after 200', () => {
  const path = 'department/'.repeat(30);
  expect(csiTargetName(path)).toHaveLength(120);
  expect(csiSubsystemName(path)).toHaveLength(200);
});
