import { type Installation } from '../../correlate/installations.ts';
import { isTrueNasDriverName } from '../../correlate/volume-handle.ts';
import { type Pod } from '../../model/kubernetes.ts';
import { type Container } from '../../model/container.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { parseImage } from './container-image.ts';

export function refToDriver({
  cluster,
  driver,
}: Pick<Installation, 'cluster' | 'driver'>): ResourceRef {
  return refInCluster('CsiDriver', { cluster, name: driver });
}

/** A pod that ran to its end serves nobody. */
export function isAlive({ phase }: Pod): boolean {
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** Every pod of a driver that runs or is to run. */
export function podsOf({ controllers, nodePods }: Installation): readonly Pod[] {
  return [...controllers, ...nodePods].filter(isAlive);
}

function isCalled({ name, image }: Container, what: string): boolean {
  return name.includes(what) || parseImage(image).name.includes(what);
}

export type Sidecar = 'attacher' | 'provisioner' | 'resizer' | 'snapshotter';

/** Containers of one kind beside a driver's own. */
export function sidecarsOf(installation: Installation, sidecar: Sidecar): readonly Container[] {
  return podsOf(installation)
    .flatMap(({ containers }) => containers)
    .filter((container) => isCalled(container, sidecar));
}

/**
 * Pods that make and delete volumes: those of no DaemonSet, and those of one that run the sidecars too, which the chart calls
 * `controller.strategy: node`.
 */
export function controllersOf(installation: Installation): readonly Pod[] {
  return [
    ...installation.controllers.filter(isAlive),
    ...installation.nodePods
      .filter(isAlive)
      .filter(({ containers }) => containers.some((each) => isCalled(each, 'provisioner'))),
  ];
}

const DRIVER_IMAGE = /(?:democratic|truenas|tns)-csi/;

/** Containers that run the driver itself. */
export function driverContainersOf(installation: Installation): readonly Container[] {
  return podsOf(installation)
    .flatMap(({ containers }) => containers)
    .filter(
      ({ args, image }) =>
        args.some((arg) => arg.startsWith('--csi-name=')) ||
        DRIVER_IMAGE.test(parseImage(image).name),
    );
}

/**
 * Whether a pod of this driver would have been known as one. democratic-csi cannot start without its name on the command
 * line; other drivers need none, so that no pod of theirs having been seen says nothing.
 */
export function tellsItsName({ driver, csiDriver, secrets }: Installation): boolean {
  if (isTrueNasDriverName(driver)) return false;
  const labels = csiDriver?.labels ?? {};
  return (
    secrets.length > 0 ||
    labels['app.kubernetes.io/name'] === 'democratic-csi' ||
    labels['helm.sh/chart']?.startsWith('democratic-csi-') === true
  );
}
