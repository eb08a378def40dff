import { condition, assurance, type Check } from '../../model/check.ts';
import { lazy } from '../../model/lazy.ts';
import {
  type ObjectMeta,
  type PersistentVolume,
  type StorageClass,
  type VolumeSnapshotClass,
} from '../../model/kubernetes.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { defineRule, type Lookup, type RuleContext } from '../../model/rule.ts';
import { refToSnapshotClass, refToStorageClass } from '../../model/subjects.ts';
import { elapsed } from '../../model/units.ts';
import { lastTurn, olderThanThreshold } from '../checks/age.ts';
import { facts } from '../checks/facts.ts';
import { suspectedForThreshold } from '../checks/suspected.ts';

/** A class of either kind, and the driver it asks. */
interface DriverClass {
  readonly object: ObjectMeta;
  readonly subject: ResourceRef;
  readonly driver: string;
  readonly list: 'storageClasses' | 'volumeSnapshotClasses';
}

function* allClasses(
  storageClasses: readonly StorageClass[],
  snapshotClasses: readonly VolumeSnapshotClass[],
): Iterable<DriverClass> {
  for (const object of storageClasses) {
    const subject = refToStorageClass(object);
    yield { object, subject, driver: object.provisioner, list: 'storageClasses' };
  }
  for (const object of snapshotClasses) {
    const subject = refToSnapshotClass(object);
    yield { object, subject, driver: object.driver, list: 'volumeSnapshotClasses' };
  }
}

/** The volumes of one driver. */
interface Fleet {
  readonly count: number;
  readonly newest: Date | null;
}

const NONE: Fleet = { count: 0, newest: null };

function countByDriver(volumes: readonly PersistentVolume[]): ReadonlyMap<string, Fleet> {
  const fleets = new Map<string, Fleet>();
  for (const { source, createdAt } of volumes) {
    if (source.kind !== 'csi') continue;
    const { count, newest } = fleets.get(source.driver) ?? NONE;
    const later = newest === null || (createdAt !== null && createdAt > newest);
    fleets.set(source.driver, { count: count + 1, newest: later ? createdAt : newest });
  }
  return fleets;
}

/** Kubernetes does without a CSIDriver object if it must: a driver that makes volumes is there. */
function noRecentVolume({ newest }: Fleet, { now, policy }: RuleContext): Check {
  const recent = newest !== null && elapsed(newest, now) < policy.orphanThreshold;
  return assurance('makes-no-volumes', !recent, () =>
    newest === null
      ? 'no volume of it is known'
      : `its newest volume was made ${newest.toISOString()}`,
  );
}

function messageOf({ driver, list }: DriverClass, { count }: Fleet): string {
  const asked = list === 'storageClasses' ? 'volume' : 'snapshot';
  const rest =
    count === 0 ? '' : `, and ${String(count)} PersistentVolumes of it cannot be deleted or grown`;
  return `no CSIDriver ${driver} in this cluster: no ${asked} of this class can be made${rest}`;
}

export const classWithoutDriver = defineRule({
  id: 'class-without-driver',
  category: 'drift',
  severity: 'medium',
  title: 'Class of a CSI driver that is not installed',
  scope: 'cluster',
  subjects: ['StorageClass', 'VolumeSnapshotClass'],
  remembers: true,
  requires: ['storageClasses', 'csiDrivers', 'parents'],
  consults: ['volumeSnapshotClasses', 'persistentVolumes'],

  *evaluate(
    { storageClasses, csiDrivers, parents, volumeSnapshotClasses, persistentVolumes },
    context,
  ) {
    const installed = new Set(csiDrivers.map(({ name }) => name));
    const fleets = lazy(() => countByDriver(persistentVolumes.items));
    for (const each of allClasses(storageClasses, volumeSnapshotClasses.items)) {
      const { object, subject, driver, list } = each;
      const missing = !installed.has(driver);
      if (context.suspectsOnly && !missing) continue;
      if (!parents.isTrueNasDriver(object.cluster, driver)) continue;
      const fleet = lazy(() => fleets().get(driver) ?? NONE);
      yield {
        subject,
        place: null,
        premise: condition(
          'no-driver',
          missing,
          missing ? `no CSIDriver ${driver}` : `CSIDriver ${driver}`,
        ),
        checks: () => [
          olderThanThreshold(lastTurn(object), context),
          noRecentVolume(fleet(), context),
          suspectedForThreshold('missing-for-threshold', subject, context),
        ],
        message: () => messageOf(each, fleet()),
        lookups: (): readonly Lookup[] => [
          { kind: 'cluster-list', source: 'csiDrivers' },
          { kind: 'cluster-list', source: list },
        ],
        // A class nobody has used yet hurts nobody until somebody does.
        severity: fleet().count === 0 ? 'low' : 'medium',
        facts: () =>
          facts({
            createdAt: object.createdAt,
            storageClass: list === 'storageClasses' ? object.name : null,
            labels: object.labels,
            annotations: object.annotations,
            remedy: {
              action: 'investigate',
              safe: false,
              steps: [
                `Look whether driver ${driver} is being installed or upgraded, or was removed or renamed.`,
                'Where it was removed by mistake, install it again under the same name, so that its volumes can be deleted and grown.',
                'Where it was renamed, keep the old one installed until no PersistentVolume and no VolumeSnapshotContent names it.',
                'Where nothing names it any more, delete the class.',
              ],
              command: null,
            },
          }),
      };
    }
  },
});
