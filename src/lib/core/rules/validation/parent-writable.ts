import { defineCheck } from '../define-check.ts';
import { parentsOn, unlessDoubtful } from '../checks/judged-parents.ts';

export const parentWritable = defineCheck({
  id: 'parent-writable',
  category: 'validation',
  severity: 'high',
  component: 'dataset',
  title: 'The parents of drivers are writable',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'parents'],
  consults: [],
  steps: [
    'Find out who made it read-only: the target of a replication is so on purpose, and a driver must not write to it.',
    'If it is not one, or was promoted, set `readonly` to off on it (Datasets, Edit).',
  ],

  *inspect({ datasets, parents }, { home }) {
    for (const { dataset, subject, doubt } of parentsOn(home, parents, datasets)) {
      if (dataset === undefined) continue;
      if (dataset.readonly === null) {
        yield { subject, sound: undefined, seen: 'TrueNAS does not say whether it is read-only' };
        continue;
      }
      const seen = dataset.readonly
        ? 'it is read-only: TrueNAS refuses to make volumes below it'
        : 'it is writable';
      yield { subject, ...unlessDoubtful(!dataset.readonly, seen, doubt) };
    }
  },
});
