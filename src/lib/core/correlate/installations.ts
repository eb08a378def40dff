import {
  type CsiDriver,
  type DriverSecret,
  type PersistentVolume,
  type Pod,
  type StorageClass,
} from '../model/kubernetes.ts';
import { lazy } from '../model/lazy.ts';
import { type ParentIndex } from './parents.ts';

/** A CSI driver of the TrueNAS kind in one cluster, and what was seen of it. */
export interface Installation {
  readonly cluster: string;
  /** CSI driver name. */
  readonly driver: string;
  /** Undefined where Kubernetes does not know it. */
  readonly csiDriver: CsiDriver | undefined;
  /** Its configurations, as far as they could be read. */
  readonly secrets: readonly DriverSecret[];
  readonly classes: readonly StorageClass[];
  /** Pods that make and attach volumes. */
  readonly controllers: readonly Pod[];
  /** Pods that mount them, one on each node. */
  readonly nodePods: readonly Pod[];
  /** PersistentVolumes of it. */
  readonly volumes: number;
}

export interface InstallationLists {
  readonly csiDrivers: readonly CsiDriver[];
  readonly storageClasses: readonly StorageClass[];
  readonly driverSecrets: readonly DriverSecret[];
  readonly pods: readonly Pod[];
  readonly persistentVolumes: readonly PersistentVolume[];
}

const NAME = /^--csi-name=(.+)$/;
/** What the registrar tells the kubelet: the folder is called like the driver. */
const REGISTERED = /^--kubelet-registration-path=.*\/([^/]+)\/[^/]+$/;

/** The CSI driver a pod belongs to, by the command lines of its containers; undefined for any other pod. */
export function driverOf({ containers }: Pod): string | undefined {
  const args = containers.flatMap((container) => container.args);
  for (const pattern of [NAME, REGISTERED]) {
    for (const arg of args) {
      const name = pattern.exec(arg)?.[1];
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

function isOfDaemonSet({ owners }: Pod): boolean {
  return owners.some(({ kind }) => kind === 'DaemonSet');
}

function countVolumes(volumes: readonly PersistentVolume[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { cluster, source } of volumes) {
    if (source.kind !== 'csi') continue;
    const key = `${cluster} ${source.driver}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Every driver anything speaks of, in the order of their names. */
export function findInstallations(
  clusters: readonly string[],
  lists: InstallationLists,
  parents: Pick<ParentIndex, 'isTrueNasDriver'>,
): readonly Installation[] {
  const counts = lazy(() => countVolumes(lists.persistentVolumes));
  return clusters.flatMap((cluster) => {
    const here = <T extends { readonly cluster: string }>(items: readonly T[]): readonly T[] =>
      items.filter((item) => item.cluster === cluster);
    const csiDrivers = here(lists.csiDrivers);
    const classes = here(lists.storageClasses);
    const secrets = here(lists.driverSecrets);
    const pods = here(lists.pods).filter(({ containers }) => containers.length > 0);
    const names = new Set([
      ...csiDrivers.map(({ name }) => name),
      ...classes.map(({ provisioner }) => provisioner),
      ...secrets.flatMap(({ driver }) => driver ?? []),
      ...pods.flatMap((pod) => driverOf(pod) ?? []),
    ]);
    return [...names]
      .filter((driver) => parents.isTrueNasDriver(cluster, driver))
      .toSorted()
      .map((driver): Installation => {
        const own = pods.filter((pod) => driverOf(pod) === driver);
        return {
          cluster,
          driver,
          csiDriver: csiDrivers.find(({ name }) => name === driver),
          secrets: secrets.filter((secret) => secret.driver === driver),
          classes: classes.filter(({ provisioner }) => provisioner === driver),
          controllers: own.filter((pod) => !isOfDaemonSet(pod)),
          nodePods: own.filter(isOfDaemonSet),
          volumes: counts().get(`${cluster} ${driver}`) ?? 0,
        };
      });
  });
}
