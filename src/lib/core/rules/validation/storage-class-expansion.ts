import { refToStorageClass } from '../../model/subjects.ts';
import { defineCheck } from '../define-check.ts';

export const storageClassExpansion = defineCheck({
  id: 'storage-class-expansion',
  category: 'validation',
  severity: 'low',
  component: 'storage-class',
  title: 'Volumes of every class can grow',
  scope: 'cluster',
  subjects: ['StorageClass'],
  requires: ['storageClasses', 'parents'],
  consults: [],
  steps: [
    'Allow it: `kubectl patch storageclass NAME -p \'{"allowVolumeExpansion": true}\'`. It holds for volumes made before as well.',
    'Set `allowVolumeExpansion: true` in the values of the chart too, so that the next upgrade does not take it back.',
  ],

  *inspect({ storageClasses, parents }) {
    for (const each of storageClasses) {
      if (!parents.isTrueNasDriver(each.cluster, each.provisioner)) continue;
      yield {
        subject: refToStorageClass(each),
        sound: each.allowsExpansion,
        seen: each.allowsExpansion
          ? 'its volumes can grow'
          : 'allowVolumeExpansion is not set: its volumes cannot grow',
      };
    }
  },
});
