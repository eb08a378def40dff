import { counted } from '../../render/text/format.ts';
import { defineCheck } from '../define-check.ts';
import { parentsOn, unlessDoubtful, type JudgedParent } from '../checks/judged-parents.ts';

/** What it means that nothing is there: drivers make their parent with their first volume. */
function missing(volumes: number, { doubt }: JudgedParent) {
  return volumes === 0
    ? { sound: true, seen: 'nothing is there yet: its driver makes it with its first volume' }
    : unlessDoubtful(
        false,
        `no dataset is there, and ${counted(volumes, 'PersistentVolume')} should lie below it`,
        doubt,
      );
}

export const parentExists = defineCheck({
  id: 'parent-exists',
  category: 'validation',
  severity: 'high',
  component: 'dataset',
  title: 'The parents of drivers exist',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['datasets', 'parents', 'storage', 'volumeLinks'],
  consults: [],
  steps: [
    'Find out whether the dataset was renamed, or lies on a pool that was replaced: `zfs list -r -o name POOL` on TrueNAS.',
    'Give it its old name back, or name its new one in `zfs.datasetParentName` of the driver, and under `drivers:` where it is declared there.',
  ],

  *inspect({ datasets, parents, storage, volumeLinks }, { home }) {
    for (const each of parentsOn(home, parents, datasets)) {
      const { parent, dataset, subject } = each;
      const obstacle = dataset ? undefined : storage.obstacleAt(home, parent.path);
      if (dataset !== undefined) {
        yield { subject, sound: true, seen: `it is there, for ${parent.drivers.join(', ')}` };
      } else if (obstacle !== undefined) {
        yield { subject, sound: undefined, seen: obstacle };
      } else {
        yield { subject, ...missing(volumeLinks.lossOf(parent).volumes, each) };
      }
    }
  },
});
