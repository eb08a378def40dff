import { defineCheck } from '../define-check.ts';
import { parentsOn, unlessDoubtful } from '../checks/judged-parents.ts';
import { zvolParents } from '../checks/zvol-parents.ts';

function seenOf(hasSpace: boolean, holdsZvols: boolean): string {
  if (!hasSpace) return 'its path has no space';
  return holdsZvols
    ? 'its path has a space, which the device paths of its zvols write as `+`'
    : 'its path has a space, which does no harm to file shares';
}

export const parentPathPlain = defineCheck({
  id: 'parent-path-plain',
  category: 'validation',
  severity: 'low',
  component: 'dataset',
  title: 'The paths of parents that hold zvols have no space',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'parents'],
  consults: ['driverSecrets'],
  steps: [
    'Use a parent without a space for new volumes: a pool can get another name only by being exported and imported.',
    'Leave volumes that work where they are: none of them has to be moved.',
  ],

  *inspect({ datasets, parents, driverSecrets }, { home }) {
    const zvols = zvolParents(datasets, driverSecrets.items);
    for (const { parent, subject, doubt } of parentsOn(home, parents, datasets)) {
      const hasSpace = parent.path.includes(' ');
      const holdsZvols = zvols.has(parent.path);
      const sound = !(hasSpace && holdsZvols);
      yield { subject, ...unlessDoubtful(sound, seenOf(hasSpace, holdsZvols), doubt) };
    }
  },
});
