import { defineCheck } from '../define-check.ts';
import { parentsOn, unlessDoubtful } from '../checks/judged-parents.ts';

export const parentIsFilesystem = defineCheck({
  id: 'parent-is-filesystem',
  category: 'validation',
  severity: 'high',
  component: 'dataset',
  title: 'The parents of drivers are filesystems',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'parents'],
  consults: [],
  steps: [
    'Make a dataset of type Filesystem beside the zvol: nothing can lie below a zvol.',
    'Name it in `zfs.datasetParentName` of the driver, and restart its controller.',
  ],

  *inspect({ datasets, parents }, { home }) {
    for (const { dataset, subject, doubt } of parentsOn(home, parents, datasets)) {
      if (dataset === undefined) continue;
      const sound = dataset.kind === 'filesystem';
      const seen = sound ? 'it is a filesystem' : 'it is a zvol, and nothing can lie below one';
      yield { subject, ...unlessDoubtful(sound, seen, doubt) };
    }
  },
});
