import { expect, test } from 'vitest';
import { storageClassParameters } from '../../../../src/lib/core/rules/validation/storage-class-parameters.ts';
import { anInventory, aStorageClass } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const named = (parameterNames: readonly string[], provisioner = 'org.democratic-csi.nfs') =>
  anInventory({ storageClasses: [aStorageClass({ provisioner, parameterNames })] });

testCheck(storageClassParameters, {
  'passes with none': [named([]), ['PASS nas-nfs']],
  'passes with those it knows, prefixed or not': [
    named([
      'fsType',
      'csi.storage.k8s.io/fstype',
      'detachedVolumesFromSnapshots',
      'democratic-csi.org/nfs/detachedVolumesFromVolumes',
      'csi.storage.k8s.io/node-stage-secret-name',
      'csi.storage.k8s.io/node-stage-secret-namespace',
    ]),
    ['PASS nas-nfs'],
  ],
  'passes with one that is near to nothing: a template may ask for it': [
    named(['department']),
    ['PASS nas-nfs'],
  ],
  'warns of a slip': [named(['detachedVolumeFromSnapshot']), ['WARNING nas-nfs']],
  'warns of what is configured elsewhere': [named(['datasetParentName']), ['WARNING nas-nfs']],
  'fails with one that Kubernetes refuses': [
    named(['csi.storage.k8s.io/fsType']),
    ['FAIL nas-nfs'],
  ],
  'does not know the parameters of other drivers': [
    named(['fsTyp', 'datasetParentName'], 'tns.csi.io'),
    ['PASS nas-nfs'],
  ],
  'says nothing of drivers for other storage': [named(['fsTyp'], 'ebs.csi.aws.com'), []],
});

test('a slip is named together with what was meant', () => {
  const [outcome] = outcomesIn(storageClassParameters, named(['csi.storage.k8s.io/fsType']));
  expect(outcome?.message).toContain('csi.storage.k8s.io/fstype is probably meant');
});
