import { expect, test } from 'vitest';
import { pvcLost } from '../../../../src/lib/core/rules/orphans/pvc-lost.ts';
import {
  aClaim,
  aDataset,
  anInventory,
  aPv,
  aStorageClass,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const lost = aClaim({ phase: 'Lost' });
const other = { 'volume.kubernetes.io/storage-provisioner': 'ebs.csi.aws.com' };

testRule(pvcLost, {
  certain: {
    'a claim whose volume is gone, of a class of the driver': [
      anInventory({ persistentVolumeClaims: [lost], storageClasses: [aStorageClass()] }),
      ['media/library'],
    ],
    'a claim whose class is gone as well, and whose data is still there': [
      anInventory({ persistentVolumeClaims: [lost], datasets: [aDataset()] }),
      ['media/library'],
    ],
    'a claim that says who made its volume': [
      anInventory({
        persistentVolumeClaims: [
          aClaim({
            phase: 'Lost',
            annotations: {
              'volume.beta.kubernetes.io/storage-provisioner': 'org.democratic-csi.nfs',
            },
          }),
        ],
      }),
      ['media/library'],
    ],
  },
  silent: {
    'a bound claim': anInventory({
      persistentVolumeClaims: [aClaim()],
      persistentVolumes: [aPv()],
      datasets: [aDataset()],
      storageClasses: [aStorageClass()],
    }),
    'a bound claim whose volume was deleted while the lists were read': anInventory({
      persistentVolumeClaims: [aClaim()],
      storageClasses: [aStorageClass()],
    }),
    'a claim whose volume is back': anInventory({
      persistentVolumeClaims: [lost],
      persistentVolumes: [aPv()],
      storageClasses: [aStorageClass()],
    }),
    'a claim that names no volume': anInventory({
      persistentVolumeClaims: [aClaim({ phase: 'Lost', volumeName: null })],
      storageClasses: [aStorageClass()],
    }),
    'a claim of some other driver': anInventory({
      persistentVolumeClaims: [aClaim({ phase: 'Lost', annotations: other })],
      storageClasses: [aStorageClass()],
    }),
    'a claim of a class nobody knows': anInventory({ persistentVolumeClaims: [lost] }),
    'a claim younger than the threshold': anInventory({
      persistentVolumeClaims: [aClaim({ phase: 'Lost', createdAt: JUST_NOW })],
      storageClasses: [aStorageClass()],
    }),
    'a claim that is just being deleted': anInventory({
      persistentVolumeClaims: [aClaim({ phase: 'Lost', deletedAt: JUST_NOW })],
      storageClasses: [aStorageClass()],
    }),
  },
});

test('points at the volume that was made, whatever else carries its name', () => {
  const id = `${PARENT}/${HANDLE}`;
  const datasets = [
    aDataset({ id: `tank/a/${HANDLE}`, properties: finished(HANDLE) }),
    aDataset(),
    aDataset({ id: `${id}/child`, properties: finished(HANDLE) }),
  ];
  for (const order of [datasets, datasets.toReversed()]) {
    const [finding] = findingsOf(
      pvcLost,
      anInventory({ persistentVolumeClaims: [lost], datasets: order }),
    );
    expect(finding?.truenasReference).toBe(id);
    expect(finding?.remedy.steps[0]).toContain(id);
  }
});

test('says that the tool has looked and found none, or could not read all', () => {
  const [finding] = findingsOf(
    pvcLost,
    anInventory({ persistentVolumeClaims: [lost], storageClasses: [aStorageClass()] }),
  );
  expect(finding?.truenasReference).toBeNull();
  expect(finding?.reason).toBe(`its PersistentVolume ${HANDLE} is gone`);
  expect(finding?.remedy.steps[0]).toContain('no dataset carries the name of the volume');
  const [blind] = findingsOf(
    pvcLost,
    withoutList(
      anInventory({ persistentVolumeClaims: [lost], storageClasses: [aStorageClass()] }),
      'datasets',
    ),
  );
  expect(blind?.remedy.steps[0]).toMatch(/^Look on TrueNAS .*not all could be read \(/);
});

test('names the volume it was bound to', () => {
  const seen = (volumeName: string | null) =>
    checkOf(
      pvcLost,
      anInventory({
        persistentVolumeClaims: [aClaim({ phase: 'Lost', volumeName })],
        storageClasses: [aStorageClass()],
      }),
      'library',
      'volume-gone',
    );
  expect(seen(HANDLE)).toEqual(['passed', `it was bound to ${HANDLE}`]);
  expect(seen(null)).toEqual(['unknown', 'it was bound to a volume it does not name']);
});
