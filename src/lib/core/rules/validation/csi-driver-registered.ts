import { type Installation } from '../../correlate/installations.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { type Severity } from '../../model/finding.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { podsOf, refToDriver } from '../checks/installation-pods.ts';
import { defineCheck } from '../define-check.ts';

function namedBy({ classes, volumes }: Installation): string {
  const parts = [
    ...classes.map(({ name }) => `StorageClass ${name}`).toSorted(),
    ...(volumes === 0 ? [] : [`${volumes} PersistentVolumes`]),
  ];
  return parts.length === 0 ? 'its pods' : parts.join(', ');
}

/** Volumes of a driver that is gone can be neither mounted nor deleted; one that runs does without the object, by defaults. */
function severityOf(installation: Installation): Severity {
  return installation.volumes > 0 && podsOf(installation).length === 0 ? 'high' : 'medium';
}

/** Drivers of which nothing is left but their volumes. */
function leftBehind(
  volumes: readonly PersistentVolume[],
  installations: readonly Installation[],
  parents: Pick<ParentIndex, 'isTrueNasDriver'>,
): readonly Installation[] {
  const known = new Set(installations.map(({ cluster, driver }) => `${cluster} ${driver}`));
  const gone = new Map<string, Installation>();
  for (const { cluster, source } of volumes) {
    if (source.kind !== 'csi') continue;
    const { driver } = source;
    const key = `${cluster} ${driver}`;
    if (known.has(key) || !parents.isTrueNasDriver(cluster, driver)) continue;
    const volumesBefore = gone.get(key)?.volumes ?? 0;
    gone.set(key, { ...NOTHING, cluster, driver, volumes: volumesBefore + 1 });
  }
  return [...gone.values()];
}

const NOTHING = {
  csiDriver: undefined,
  secrets: [],
  classes: [],
  controllers: [],
  nodePods: [],
} as const;

export const csiDriverRegistered = defineCheck({
  id: 'csi-driver-registered',
  category: 'validation',
  severity: 'high',
  component: 'driver',
  title: 'Every driver that is in use is installed',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations', 'storageClasses', 'persistentVolumes', 'parents'],
  consults: [],
  steps: [
    'Look whether the driver was removed or renamed: `helm list -A`, `kubectl get csidriver`.',
    'Where it was removed by mistake, install it again under the same name, so that its volumes can be mounted, grown and deleted.',
    'Where it was renamed, keep the old one installed until no PersistentVolume names it.',
    'Where nothing but a StorageClass names it, delete the class.',
  ],

  *inspect({ installations, persistentVolumes, parents }) {
    const left = leftBehind(persistentVolumes, installations, parents);
    for (const installation of [...installations, ...left]) {
      const { csiDriver, driver } = installation;
      yield {
        subject: refToDriver(installation),
        sound: csiDriver !== undefined,
        seen:
          csiDriver === undefined
            ? `no CSIDriver ${driver}, which is named by ${namedBy(installation)}`
            : `CSIDriver ${driver} is there`,
        severity: severityOf(installation),
      };
    }
  },
});
