import { refToDriver } from '../checks/installation-pods.ts';
import { joined } from '../../render/text/format.ts';
import { bothOrAll } from '../checks/wording.ts';
import { defineCheck } from '../define-check.ts';

export const defaultSnapshotClass = defineCheck({
  id: 'default-snapshot-class',
  category: 'validation',
  severity: 'medium',
  component: 'snapshot',
  title: 'At most one VolumeSnapshotClass of a driver is the default',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['volumeSnapshotClasses', 'installations'],
  consults: [],
  steps: [
    'Decide which class snapshots of this driver without one are to get.',
    'Take the annotation off the others: `kubectl annotate volumesnapshotclass NAME snapshot.storage.kubernetes.io/is-default-class-`.',
  ],

  *inspect({ volumeSnapshotClasses, installations }) {
    for (const installation of installations) {
      const { cluster, driver } = installation;
      const own = volumeSnapshotClasses.filter(
        (each) => each.cluster === cluster && each.driver === driver,
      );
      if (own.length === 0) continue;
      const defaults = own.filter(({ isDefault }) => isDefault);
      const names = joined(defaults.map(({ name }) => name).toSorted());
      yield {
        subject: refToDriver(installation),
        sound: defaults.length <= 1,
        seen:
          defaults.length <= 1
            ? `the default is ${names === '' ? 'none' : names}`
            : `${names} are ${bothOrAll(defaults.length)} the default: a snapshot without a class fails`,
      };
    }
  },
});
