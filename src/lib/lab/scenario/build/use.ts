import { type KubernetesObject } from '../world.ts';
import { hex64Of } from './identity.ts';
import { addObject } from './objects.ts';
import { addPod } from './pods.ts';
import { isRecord } from './record.ts';
import { objectsOf, type Cluster } from './stage.ts';

/** A value inside an object; undefined where the way there ends. */
export function valueAt(object: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((each, key) => (isRecord(each) ? each[key] : undefined), object);
}

const KIND = 'persistentVolumeClaim';

function claimsIn(pod: KubernetesObject): string[] {
  const volumes = valueAt(pod, 'spec', 'volumes');
  return Array.isArray(volumes)
    ? volumes.flatMap((volume: unknown) => {
        const name = valueAt(volume, KIND, 'claimName');
        return typeof name === 'string' ? name : [];
      })
    : [];
}

function namedKey({ metadata }: KubernetesObject, name = metadata.name): string {
  return `${metadata.namespace ?? ''}/${name}`;
}

/** Claims anything has a use for: a pod mounts it, or somebody's template names it. */
function claimsInUse({ cluster, idle }: Cluster): Set<string> {
  return new Set([
    ...idle,
    ...objectsOf(cluster, 'pods').flatMap((pod) =>
      claimsIn(pod).map((claim) => namedKey(pod, claim)),
    ),
  ]);
}

/** On which machine the pod of each claim runs, by `namespace/name` of the claim. */
export function nodesByClaim({ cluster }: Cluster): ReadonlyMap<string, string> {
  return new Map(
    objectsOf(cluster, 'pods').flatMap((pod) => {
      const node = valueAt(pod, 'spec', 'nodeName');
      if (typeof node !== 'string') return [];
      return claimsIn(pod).map((claim): [string, string] => [namedKey(pod, claim), node]);
    }),
  );
}

/** Gives every bound claim that nothing uses a pod of its own. */
export function serveClaims(cluster: Cluster): void {
  const used = claimsInUse(cluster);
  for (const claim of [...objectsOf(cluster.cluster, 'persistentvolumeclaims')]) {
    const key = namedKey(claim);
    if (valueAt(claim, 'status', 'phase') !== 'Bound' || used.has(key)) continue;
    addPod(cluster, { pod: podOf(key), days: 1.5, claims: [claim.metadata.name] });
  }
}

/** Names of pods end where names of claims may go on. */
function podOf(claim: string): string {
  return `${claim.slice(0, 253)}-0`;
}

/** Attaches the volumes of running pods to their machines, where the driver has them attached. */
export function attachVolumes(cluster: Cluster): void {
  const { cluster: lab } = cluster;
  const claims = new Map(
    objectsOf(lab, 'persistentvolumeclaims').map((claim) => [namedKey(claim), claim]),
  );
  const volumes = new Map(objectsOf(lab, 'persistentvolumes').map((pv) => [pv.metadata.name, pv]));
  const attaching = new Set(
    objectsOf(lab, 'csidrivers')
      .filter((driver) => valueAt(driver, 'spec', 'attachRequired') === true)
      .map(({ metadata }) => metadata.name),
  );
  const attached = new Set(
    objectsOf(lab, 'volumeattachments').map(({ metadata }) => metadata.name),
  );
  for (const pod of objectsOf(lab, 'pods')) {
    const node = valueAt(pod, 'spec', 'nodeName');
    if (typeof node !== 'string' || valueAt(pod, 'status', 'phase') !== 'Running') continue;
    for (const claim of claimsIn(pod)) {
      const pv = volumes.get(
        String(valueAt(claims.get(namedKey(pod, claim)), 'spec', 'volumeName')),
      );
      const driver = valueAt(pv, 'spec', 'csi', 'driver');
      if (pv === undefined || typeof driver !== 'string' || !attaching.has(driver)) continue;
      const name = attachmentName(pv.metadata.name, node);
      if (attached.has(name)) continue;
      attached.add(name);
      addAttachment(cluster, { volume: pv.metadata.name, driver, node });
    }
  }
}

function attachmentName(volume: string, node: string): string {
  return `csi-${hex64Of(`${volume} at ${node}`)}`;
}

export interface AttachmentOptions {
  readonly volume: string;
  readonly driver: string;
  readonly node: string;
  readonly days?: number;
  readonly attached?: boolean;
  /** It is being deleted, and that fails with this message. */
  readonly detachError?: string;
}

export function addAttachment(cluster: Cluster, options: AttachmentOptions): KubernetesObject {
  const { volume, driver, node, days = 1.5, attached = true, detachError } = options;
  const attachment = addObject(cluster, {
    resource: 'volumeattachments',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttachment',
    name: attachmentName(volume, node),
    days,
    annotations: { 'csi.alpha.kubernetes.io/node-id': node },
    finalizers: [`external-attacher/${driver.replaceAll('.', '-')}`],
    body: {
      spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: volume } },
      status: {
        attached,
        ...(detachError === undefined
          ? {}
          : { detachError: { message: detachError, time: cluster.stage.world.now } }),
      },
    },
    writers: [
      { manager: 'kube-controller-manager', keys: ['metadata', 'spec'] },
      { manager: 'csi-attacher', subresource: 'status', keys: ['status'] },
    ],
    shape: `${driver} ${String(detachError === undefined)}`,
  });
  if (detachError !== undefined) {
    attachment.metadata.deletionTimestamp = attachment.metadata.creationTimestamp;
  }
  return attachment;
}
