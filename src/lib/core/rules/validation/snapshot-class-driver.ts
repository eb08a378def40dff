import { type Installation } from '../../correlate/installations.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { findNearest } from '../../model/did-you-mean.ts';
import { type CsiDriver, type VolumeSnapshotClass } from '../../model/kubernetes.ts';
import { refToSnapshotClass } from '../../model/subjects.ts';
import { controllersOf, podsOf, sidecarsOf } from '../checks/installation-pods.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const COMPARE = 'Compare the names: `kubectl get volumesnapshotclass` and `kubectl get csidriver`.';
const RENAME =
  'Where the name is misspelled, make the class again with the right one: `driver` cannot be changed in place.';
const INSTALL = 'Install the driver, or delete the class where the driver is gone for good.';
const TURN_ON =
  'Turn csi-snapshotter on (`controller.externalSnapshotter.enabled: true` in the values of the chart) and upgrade the release.';

function notInstalled(driver: string): Omit<Inspection, 'subject'> {
  return {
    sound: false,
    seen: `driver ${driver} is not installed: no snapshot can be made`,
    steps: [COMPARE, RENAME, INSTALL],
  };
}

function inspectOwn(installation: Installation): Omit<Inspection, 'subject'> {
  const { driver, csiDriver } = installation;
  if (csiDriver === undefined && podsOf(installation).length === 0) {
    return notInstalled(driver);
  }
  if (sidecarsOf(installation, 'snapshotter').length > 0) {
    return { sound: true, seen: `driver ${driver} makes its snapshots` };
  }
  return controllersOf(installation).length > 0
    ? {
        sound: false,
        severity: 'high',
        steps: [TURN_ON],
        seen: `the controller of ${driver} runs no csi-snapshotter: no snapshot of this class will ever be ready`,
      }
    : { sound: undefined, seen: `no controller of ${driver} was seen` };
}

/** A name nobody has: a slip, where it is near to one that somebody has. */
function inspectUnknown(
  { driver }: VolumeSnapshotClass,
  installations: readonly Installation[],
): Omit<Inspection, 'subject'> | undefined {
  const nearest = findNearest(
    driver,
    installations.map((each) => each.driver),
  );
  return nearest === undefined
    ? undefined
    : {
        sound: false,
        seen: `no driver is called ${driver}: ${nearest} is probably meant`,
        steps: [COMPARE, RENAME],
      };
}

interface Known {
  readonly csiDrivers: readonly CsiDriver[];
  readonly parents: Pick<ParentIndex, 'isTrueNasDriver'>;
}

function inspectClass(
  snapshotClass: VolumeSnapshotClass,
  installations: readonly Installation[],
  { csiDrivers, parents }: Known,
): Omit<Inspection, 'subject'> | undefined {
  const here = installations.filter(({ cluster }) => cluster === snapshotClass.cluster);
  const own = here.find(({ driver }) => driver === snapshotClass.driver);
  if (own !== undefined) return inspectOwn(own);
  if (parents.isTrueNasDriver(snapshotClass.cluster, snapshotClass.driver)) {
    return notInstalled(snapshotClass.driver);
  }
  const isOthers = csiDrivers.some(({ name }) => name === snapshotClass.driver);
  return isOthers ? undefined : inspectUnknown(snapshotClass, here);
}

export const snapshotClassDriver = defineCheck({
  id: 'snapshot-class-driver',
  category: 'validation',
  severity: 'medium',
  component: 'snapshot',
  title: 'Every VolumeSnapshotClass has a driver that makes its snapshots',
  scope: 'cluster',
  subjects: ['VolumeSnapshotClass'],
  requires: ['volumeSnapshotClasses', 'csiDrivers', 'installations', 'parents'],
  consults: [],
  steps: [COMPARE, RENAME, INSTALL],

  *inspect({ volumeSnapshotClasses, csiDrivers, installations, parents }) {
    for (const each of volumeSnapshotClasses) {
      const inspection = inspectClass(each, installations, { csiDrivers, parents });
      if (inspection !== undefined) yield { subject: refToSnapshotClass(each), ...inspection };
    }
  },
});
