import { type Installation } from '../../correlate/installations.ts';
import { type PersistentVolume, type Pod } from '../../model/kubernetes.ts';
import { versionOfImage } from '../checks/container-image.ts';
import { refToDriver, sidecarsOf } from '../checks/installation-pods.ts';
import { snapshotControllersIn } from '../checks/snapshot-controllers.ts';
import { isBefore, type Version } from '../checks/versions.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const PROTECTS_VOLUMES: Version = [5];
const FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

interface Fault {
  readonly seen: string;
  readonly steps: readonly string[];
}

const NEWER_PROVISIONER = [
  'Name a csi-provisioner of v5.0.2 or later in the values of the chart (`controller.externalProvisioner.image`); its role has to allow `patch` on PersistentVolumes.',
  'Upgrade the release, and look that new PersistentVolumes carry the finalizer `external-provisioner.volume.kubernetes.io/finalizer`.',
  'Until then always delete a claim before its PersistentVolume.',
] as const;

const ONE_MAJOR_VERSION = [
  'Bring the snapshot controller and its CRDs to the major version of csi-snapshotter: CRDs first, then the controller, then the sidecar.',
] as const;

/** Volumes the provisioner made and is to delete with their PersistentVolumes. */
function deletedWithTheirVolume(
  { cluster, driver }: Installation,
  volumes: readonly PersistentVolume[],
): readonly PersistentVolume[] {
  return volumes.filter(
    (volume) =>
      volume.cluster === cluster &&
      volume.reclaimPolicy === 'Delete' &&
      volume.annotations[PROVISIONED_BY] === driver,
  );
}

/** Before v5 the provisioner holds no PersistentVolume back unless it is told to, and then the volumes show it. */
function unprotected(
  installation: Installation,
  volumes: readonly PersistentVolume[],
): Fault | undefined {
  const old = sidecarsOf(installation, 'provisioner').find(({ image }) => {
    const version = versionOfImage(image);
    return version !== undefined && isBefore(version, PROTECTS_VOLUMES);
  });
  if (old === undefined) return undefined;
  const own = deletedWithTheirVolume(installation, volumes);
  if (own.length > 0 && own.every(({ finalizers }) => finalizers.includes(FINALIZER))) {
    return undefined;
  }
  return {
    seen: `${old.image} puts no finalizer on PersistentVolumes: one that is deleted before its claim leaves its dataset behind`,
    steps: NEWER_PROVISIONER,
  };
}

/** The two parts of one project, which are released together. */
function apart(installation: Installation, pods: readonly Pod[]): Fault | undefined {
  const controllers = snapshotControllersIn(installation.cluster, pods).flatMap(
    ({ image }) => versionOfImage(image)?.[0] ?? [],
  );
  const newest = Math.max(...controllers);
  const ahead = sidecarsOf(installation, 'snapshotter').find(
    ({ image }) => (versionOfImage(image)?.[0] ?? 0) >= 8,
  );
  if (controllers.length === 0 || ahead === undefined || newest >= 8) return undefined;
  return {
    seen: `${ahead.image} wants the snapshot controller and the CRDs of v8, and the controller is v${newest}`,
    steps: ONE_MAJOR_VERSION,
  };
}

function inspectSidecars(
  installation: Installation,
  pods: readonly Pod[],
  volumes: readonly PersistentVolume[],
): Omit<Inspection, 'subject'> {
  const images = (['provisioner', 'snapshotter'] as const)
    .flatMap((sidecar) => sidecarsOf(installation, sidecar))
    .map(({ image }) => image);
  if (images.length === 0) return { sound: undefined, seen: 'no sidecar of it was seen' };
  const faults = [unprotected(installation, volumes), apart(installation, pods)].filter(
    (fault) => fault !== undefined,
  );
  return faults.length > 0
    ? {
        sound: false,
        seen: faults.map(({ seen }) => seen).join('; '),
        steps: faults.flatMap(({ steps }) => steps),
      }
    : { sound: true, seen: `runs ${[...new Set(images)].toSorted().join(', ')}` };
}

export const sidecarVersions = defineCheck({
  id: 'sidecar-versions',
  category: 'validation',
  severity: 'low',
  component: 'versions',
  title: 'Sidecars of drivers are recent enough',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations', 'pods', 'persistentVolumes'],
  consults: [],
  steps: [...NEWER_PROVISIONER, ...ONE_MAJOR_VERSION],

  *inspect({ installations, pods, persistentVolumes }) {
    for (const installation of installations) {
      yield {
        subject: refToDriver(installation),
        ...inspectSidecars(installation, pods, persistentVolumes),
      };
    }
  },
});
