import { refToCluster } from '../../model/surroundings.ts';
import { joined } from '../../render/text/format.ts';
import { bothOrAll } from '../checks/wording.ts';
import { defineCheck } from '../define-check.ts';

export const defaultStorageClass = defineCheck({
  id: 'default-storage-class',
  category: 'validation',
  severity: 'medium',
  component: 'storage-class',
  title: 'At most one StorageClass is the default',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['storageClasses', 'clusters'],
  consults: [],
  steps: [
    'Decide which class claims without one are to get.',
    'Take the annotation `storageclass.kubernetes.io/is-default-class` off the others.',
  ],

  *inspect({ storageClasses, clusters }) {
    for (const { name } of clusters) {
      // Of nothing there is no default, and none too many.
      if (!storageClasses.some(({ cluster }) => cluster === name)) continue;
      const defaults = storageClasses.filter(
        ({ cluster, isDefault }) => cluster === name && isDefault,
      );
      const names = joined(defaults.map((each) => each.name).toSorted());
      yield {
        subject: refToCluster(name),
        sound: defaults.length <= 1,
        seen:
          defaults.length <= 1
            ? `the default is ${names === '' ? 'none' : names}`
            : `${names} are ${bothOrAll(defaults.length)} the default: a claim without a class gets the newest of them`,
      };
    }
  },
});
