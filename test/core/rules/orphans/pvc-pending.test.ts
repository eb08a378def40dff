import { expect, test } from 'vitest';
import { pvcPending } from '../../../../src/lib/core/rules/orphans/pvc-pending.ts';
import { aClaim, anInventory, aPod, aStorageClass, JUST_NOW } from '../../../support/builders.ts';
import { checkOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const pending = aClaim({ phase: 'Pending', volumeName: null, capacity: null });
const late = aStorageClass({ bindingMode: 'WaitForFirstConsumer' });

testRule(pvcPending, {
  certain: {
    'a claim that waits for its driver': [
      anInventory({ persistentVolumeClaims: [pending], storageClasses: [aStorageClass()] }),
      ['media/library'],
    ],
    'a claim that a pod waits for': [
      anInventory({
        persistentVolumeClaims: [pending],
        storageClasses: [late],
        pods: [aPod({ phase: 'Pending', claims: ['library'] })],
      }),
      ['media/library'],
    ],
    'a claim for which a node was chosen': [
      anInventory({
        persistentVolumeClaims: [
          aClaim({
            phase: 'Pending',
            annotations: { 'volume.kubernetes.io/selected-node': 'worker-1' },
          }),
        ],
        storageClasses: [late],
      }),
      ['media/library'],
    ],
    'a claim whose class is gone after the driver was asked': [
      anInventory({
        persistentVolumeClaims: [
          aClaim({
            phase: 'Pending',
            storageClass: null,
            annotations: { 'volume.kubernetes.io/storage-provisioner': 'org.democratic-csi.nfs' },
          }),
        ],
      }),
      ['media/library'],
    ],
  },
  silent: {
    'a bound claim': anInventory({
      persistentVolumeClaims: [aClaim()],
      storageClasses: [aStorageClass()],
    }),
    'a claim that waits for its first consumer': anInventory({
      persistentVolumeClaims: [pending],
      storageClasses: [late],
    }),
    'a claim of that name that a pod of another namespace uses': anInventory({
      persistentVolumeClaims: [pending],
      storageClasses: [late],
      pods: [aPod({ namespace: 'other', claims: ['library'] })],
    }),
    'a claim that may have a consumer, when pods cannot be read': withoutList(
      anInventory({ persistentVolumeClaims: [pending], storageClasses: [late] }),
      'pods',
    ),
    'a claim for a volume somebody else makes': anInventory({
      persistentVolumeClaims: [pending],
      storageClasses: [aStorageClass({ provisioner: 'ebs.csi.aws.com' })],
    }),
    'a claim without a class': anInventory({
      persistentVolumeClaims: [aClaim({ phase: 'Pending', storageClass: null })],
      storageClasses: [aStorageClass()],
    }),
    'a claim younger than the threshold': anInventory({
      persistentVolumeClaims: [aClaim({ phase: 'Pending', createdAt: JUST_NOW })],
      storageClasses: [aStorageClass()],
    }),
    'a claim that is just being deleted': anInventory({
      persistentVolumeClaims: [aClaim({ phase: 'Pending', deletedAt: JUST_NOW })],
      storageClasses: [aStorageClass()],
    }),
  },
});

test('tells a claim nobody wants yet from one whose pods could not be read', () => {
  const waiting = anInventory({ persistentVolumeClaims: [pending], storageClasses: [late] });
  const wanted = anInventory({
    persistentVolumeClaims: [pending],
    storageClasses: [aStorageClass()],
  });
  const seen = (world: typeof waiting) => checkOf(pvcPending, world, 'library', 'volume-wanted');
  const detail = 'its class waits for a first consumer';
  expect(seen(waiting)).toEqual(['failed', detail]);
  expect(seen(withoutList(waiting, 'pods'))).toEqual(['unknown', detail]);
  expect(seen(wanted)).toEqual(['passed', 'a volume was asked for']);
});
