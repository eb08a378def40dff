import { type Pod } from '../../model/kubernetes.ts';
import { type Container } from '../../model/container.ts';
import { parseImage } from './container-image.ts';
import { isAlive } from './installation-pods.ts';

/** OpenShift prefixes it with `csi-`, and has an operator for it, which is another thing. */
const CONTROLLER = /^(?:csi-)?snapshot-controller$/;

function isController({ name, image }: Container): boolean {
  return CONTROLLER.test(name) || CONTROLLER.test(parseImage(image).name);
}

/** A snapshot controller, as its pod runs it. */
export interface SnapshotController {
  /** Namespace and name of what its pods belong to: replicas of one are one. */
  readonly deployment: string;
  readonly image: string;
}

/** A ReplicaSet is called like its Deployment, and a hash. */
function deploymentOf({ namespace, name, owners }: Pod): string {
  const [owner] = owners;
  if (owner === undefined) return `${namespace}/${name}`;
  const ownName = owner.kind === 'ReplicaSet' ? owner.name.replace(/-[^-]+$/, '') : owner.name;
  return `${namespace}/${ownName}`;
}

/** Every pod of a snapshot controller in a cluster. */
export function snapshotControllersIn(
  cluster: string,
  pods: readonly Pod[],
): readonly SnapshotController[] {
  return pods
    .filter((pod) => pod.cluster === cluster && isAlive(pod))
    .flatMap((pod) => {
      const container = pod.containers.find(isController);
      return container === undefined
        ? []
        : [{ deployment: deploymentOf(pod), image: container.image }];
    });
}
