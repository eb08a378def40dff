import { defineCheck } from '../define-check.ts';
import { parentsOn, unlessDoubtful } from '../checks/judged-parents.ts';

export const parentUnlocked = defineCheck({
  id: 'parent-unlocked',
  category: 'validation',
  severity: 'high',
  component: 'dataset',
  title: 'The parents of drivers are unlocked',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'parents'],
  consults: [],
  steps: [
    'Unlock the dataset on TrueNAS (Datasets, Unlock), with all that inherits its encryption.',
    'Check that volumes can be mounted again: restart the pods that wait for theirs.',
    'If it locks at each restart, note that a passphrase has to be given each time and a key has not.',
  ],

  *inspect({ datasets, parents }, { home }) {
    for (const { dataset, subject, doubt } of parentsOn(home, parents, datasets)) {
      if (dataset === undefined) continue;
      const seen = dataset.locked
        ? 'it is encrypted and locked: no volume below it can be made or mounted'
        : 'it is not locked';
      yield { subject, ...unlessDoubtful(!dataset.locked, seen, doubt) };
    }
  },
});
