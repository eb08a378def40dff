import { type JsonObject } from '../change.ts';
import { bytes, type Bytes } from '../../model/units.ts';
import { type AdoptionSubject, type Derivation, notAdopted, type VolumeShape } from './adoption.ts';
import { quantityText } from './quantity.ts';
import { deletionAnnotations, secretRefs } from './secret-refs.ts';

/** What both manifests, and whoever checks them, are made of. */
export interface ManifestSet {
  readonly manifests: readonly JsonObject[];
  readonly derived: readonly Derivation[];
  readonly cautions: readonly string[];
}

interface Capacity {
  readonly size: Bytes;
  readonly from: string;
  readonly cautions: readonly string[];
}

const GIB = 1024 ** 3;

/** What the volume was promised; without a quota nothing tells, and it is at least what it holds. */
function capacityOf({ dataset }: AdoptionSubject): Capacity {
  const { volsize, refquota, used } = dataset;
  if (volsize !== null) return { size: volsize.bytes, from: 'the size of the zvol', cautions: [] };
  if (refquota !== null && refquota.bytes > 0) {
    return { size: refquota.bytes, from: 'the quota of the dataset', cautions: [] };
  }
  if (used === null) {
    throw notAdopted(
      dataset.id,
      'neither its quota nor its size could be read',
      'Write the manifest by hand, with the size its claim asked for.',
    );
  }
  return {
    size: bytes(Math.max(1, Math.ceil(used.bytes / GIB)) * GIB),
    from: 'what the dataset holds, in whole GiB',
    cautions: [
      'The dataset has no quota, so nothing tells what its claim asked for: put that size into both manifests if you know it.',
    ],
  };
}

/** The file system that the provisioner would name: of the class, else what its sidecar is told. */
function fsTypeOf({ storageClass, installation }: AdoptionSubject): string | undefined {
  const named = Object.entries(storageClass.parameters).find(
    ([name]) => name === 'csi.storage.k8s.io/fstype' || name.toLowerCase() === 'fstype',
  );
  if (named !== undefined) return named[1];
  const args = installation.controllers.flatMap(({ containers }) =>
    containers.flatMap((container) => container.args),
  );
  return args.flatMap((arg) => /^--default-fstype=(.+)$/.exec(arg)?.[1] ?? [])[0];
}

function isBlock({ protocol }: AdoptionSubject): boolean {
  return protocol === 'iscsi' || protocol === 'nvmeof';
}

function claimRef({ claim, waiting }: AdoptionSubject): JsonObject {
  const ref = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    name: claim.name,
    namespace: claim.namespace,
  };
  // A claim that was bound before is only given back to a volume that names this very one.
  return waiting === null ? ref : { ...ref, uid: waiting.uid };
}

function volume(subject: AdoptionSubject, shape: VolumeShape, storage: string): JsonObject {
  const { name, storageClass, installation } = subject;
  const fsType = fsTypeOf(subject);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: {
        'pv.kubernetes.io/provisioned-by': installation.driver,
        ...deletionAnnotations(subject),
      },
    },
    spec: {
      accessModes: accessModes(subject),
      capacity: { storage },
      claimRef: claimRef(subject),
      csi: {
        driver: installation.driver,
        ...(fsType === undefined ? {} : { fsType }),
        ...secretRefs(subject),
        volumeAttributes: { ...shape.attributes },
        volumeHandle: shape.handle,
      },
      ...(storageClass.mountOptions.length === 0
        ? {}
        : { mountOptions: [...storageClass.mountOptions] }),
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: storageClass.name,
      volumeMode: 'Filesystem',
    },
  };
}

function accessModes(subject: AdoptionSubject): string[] {
  return [isBlock(subject) ? 'ReadWriteOnce' : 'ReadWriteMany'];
}

function claimManifest(subject: AdoptionSubject, storage: string): JsonObject {
  const { name, claim, storageClass } = subject;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claim.name, namespace: claim.namespace },
    spec: {
      accessModes: accessModes(subject),
      resources: { requests: { storage } },
      storageClassName: storageClass.name,
      volumeMode: 'Filesystem',
      volumeName: name,
    },
  };
}

function derivations(
  subject: AdoptionSubject,
  shape: VolumeShape,
  capacity: Capacity,
): readonly Derivation[] {
  const { dataset, storageClass, protocol } = subject;
  const remembered = dataset.properties.claim;
  const isRemembered =
    remembered?.name === subject.claim.name && remembered.namespace === subject.claim.namespace;
  return [
    {
      field: 'metadata.name',
      from:
        dataset.properties.csiVolumeName === null
          ? 'the last part of the path of the dataset'
          : 'the property csi_volume_name',
    },
    { field: 'spec.accessModes', from: `what volumes over ${protocol} have by default` },
    { field: 'spec.capacity', from: capacity.from },
    {
      field: 'spec.claimRef',
      from: isRemembered ? 'what the properties of the dataset remember' : '--claim',
    },
    ...shape.derived,
    {
      field: 'spec.csi.fsType, mountOptions and Secrets',
      from: `StorageClass ${storageClass.name}`,
    },
    {
      field: 'spec.persistentVolumeReclaimPolicy',
      from: 'Retain, so that nothing that goes wrong now costs data',
    },
    {
      field: 'spec.volumeMode',
      from: 'Filesystem, which nearly all volumes have: nothing on TrueNAS tells a raw block device',
    },
  ];
}

/** Volume and claim, each bound to the other by name. */
export function manifestsOf(subject: AdoptionSubject, shape: VolumeShape): ManifestSet {
  const capacity = capacityOf(subject);
  const storage = quantityText(capacity.size);
  const pv = volume(subject, shape, storage);
  return {
    manifests: subject.waiting === null ? [pv, claimManifest(subject, storage)] : [pv],
    derived: derivations(subject, shape, capacity),
    cautions: [...capacity.cautions, ...shape.cautions],
  };
}
