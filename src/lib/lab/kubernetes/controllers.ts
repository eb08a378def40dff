import { type KubernetesObject } from '../scenario/world.ts';
import { type LabState, type Target } from './exchange.ts';
import { isRecord, recordAt, textAt, valueAt } from './json.ts';
import { hasFinalizers, instant } from './stored-object.ts';

const PV_PROTECTION = 'kubernetes.io/pv-protection';
const PROVISIONER = 'external-provisioner.volume.kubernetes.io/finalizer';
const CONTENT_PROTECTION = 'snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection';
const SNAPSHOT_PROTECTION = 'snapshot.storage.kubernetes.io/volumesnapshot-';
const ATTACHER = 'external-attacher/';

type Noticed = Pick<Target, 'resource' | 'namespace' | 'name'>;

type Controller = (
  lab: LabState,
  object: KubernetesObject,
  deleteData: (object: KubernetesObject) => void,
) => KubernetesObject;

const CONTROLLERS: Readonly<Record<string, Controller>> = {
  persistentvolumes: volumeController,
  volumesnapshots: snapshotController,
  volumesnapshotcontents: contentController,
  volumeattachments: attachmentController,
};

/**
 * Those who act on what is changed in a real cluster: they bind volumes, let drivers delete what nobody wants any more, and take
 * their finalizers away. They act on what was changed through the API, right before the next request is answered; what the world
 * brings along is as it is.
 */
export class Controllers {
  readonly #noticed = new Map<string, Noticed>();
  readonly #onDriverDelete: (object: KubernetesObject) => void;

  constructor(onDriverDelete: (object: KubernetesObject) => void) {
    this.#onDriverDelete = onDriverDelete;
  }

  notice({ resource, namespace, name }: Noticed): void {
    if (Object.hasOwn(CONTROLLERS, resource.plural)) {
      const key = [resource.plural, namespace, name].join('/');
      this.#noticed.set(key, { resource, namespace, name });
    }
  }

  act(lab: LabState): void {
    for (const [key, noticed] of this.#noticed) {
      const after = this.#actOn(lab, noticed);
      // Who is to be deleted and is still needed is looked at again.
      if (after?.metadata.deletionTimestamp === undefined) this.#noticed.delete(key);
    }
  }

  #actOn(lab: LabState, { resource, namespace, name }: Noticed): KubernetesObject | undefined {
    const entry = lab.store.find(resource, namespace, name);
    const controller = CONTROLLERS[resource.plural];
    if (entry === undefined || controller === undefined) return undefined;
    const after = controller(lab, entry.object, this.#onDriverDelete);
    if (after.metadata.deletionTimestamp !== undefined && !hasFinalizers(after)) {
      lab.store.remove(resource, entry);
      return undefined;
    }
    if (after !== entry.object) lab.store.put(resource, after, entry);
    return after;
  }
}

function volumeController(
  lab: LabState,
  object: KubernetesObject,
  deleteData: (object: KubernetesObject) => void,
): KubernetesObject {
  let volume = bound(lab, object);
  const driver = textAt(valueAt(volume, 'spec.csi'), 'driver');
  if (isRunning(lab, driver)) volume = provisioned(lab, volume, driver, deleteData);
  if (volume.metadata.deletionTimestamp === undefined) return volume;
  if (isRunning(lab, driver) && !isAttached(lab, volume)) {
    volume = withoutFinalizer(volume, (name) => name.startsWith(ATTACHER));
  }
  const isUsed = valueAt(volume, 'status.phase') === 'Bound';
  return isUsed ? volume : withoutFinalizer(volume, (name) => name === PV_PROTECTION);
}

/** A volume that names a claim by uid is bound to that one, and Released where it is gone. */
function bound(lab: LabState, volume: KubernetesObject): KubernetesObject {
  if (valueAt(volume, 'status.phase') !== undefined) return volume;
  const uid = valueAt(volume, 'spec.claimRef.uid');
  const claims = lab.cluster.objects['persistentvolumeclaims'] ?? [];
  const isHeld = claims.some(({ metadata }) => metadata.uid === uid);
  const phase = uid === undefined ? 'Available' : isHeld ? 'Bound' : 'Released';
  return { ...volume, status: { ...recordAt(volume, 'status'), phase } };
}

/** csi-provisioner guards what it will have to delete, deletes the data of what is Released, and then the volume. */
function provisioned(
  lab: LabState,
  volume: KubernetesObject,
  driver: string | undefined,
  deleteData: (object: KubernetesObject) => void,
): KubernetesObject {
  const { annotations, deletionTimestamp, finalizers = [] } = volume.metadata;
  const release = (): KubernetesObject => withoutFinalizer(volume, (name) => name === PROVISIONER);
  if (valueAt(volume, 'spec.persistentVolumeReclaimPolicy') !== 'Delete') return release();
  const phase = valueAt(volume, 'status.phase');
  if (phase !== 'Released' && phase !== 'Failed') return volume;
  if (annotations?.['pv.kubernetes.io/provisioned-by'] !== driver) return volume;
  if (deletionTimestamp !== undefined && !finalizers.includes(PROVISIONER)) return volume;
  deleteData(volume);
  return markedDeleted(lab, release());
}

/** snapshot-controller: binds one that names a content, and lets one go that is deleted. */
function snapshotController(lab: LabState, snapshot: KubernetesObject): KubernetesObject {
  if (snapshot.metadata.deletionTimestamp !== undefined) {
    return withoutFinalizer(snapshot, (name) => name.startsWith(SNAPSHOT_PROTECTION));
  }
  const content = textAt(valueAt(snapshot, 'spec.source'), 'volumeSnapshotContentName');
  if (isRecord(snapshot['status']) || content === undefined) return snapshot;
  const contents = lab.cluster.objects['volumesnapshotcontents'] ?? [];
  const found = contents.find(({ metadata }) => metadata.name === content);
  const { name, namespace, uid } = snapshot.metadata;
  const reference = valueAt(found, 'spec.volumeSnapshotRef');
  const isFree = [undefined, uid].includes(textAt(reference, 'uid'));
  if (!isFree || textAt(reference, 'name') !== name) return snapshot;
  if (textAt(reference, 'namespace') !== namespace) return snapshot;
  return {
    ...snapshot,
    status: { boundVolumeSnapshotContentName: content, readyToUse: true },
  };
}

/** csi-snapshotter: with the policy Delete the snapshot goes first. */
function contentController(
  lab: LabState,
  object: KubernetesObject,
  deleteData: (object: KubernetesObject) => void,
): KubernetesObject {
  if (!isRunning(lab, textAt(object['spec'], 'driver'))) return object;
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined) return readied(object);
  const wanted = valueAt(object, 'spec.volumeSnapshotRef.uid');
  const snapshots = lab.cluster.objects['volumesnapshots'] ?? [];
  const isWanted = snapshots.some(({ metadata }) => metadata.uid === wanted);
  if (isWanted || !finalizers.includes(CONTENT_PROTECTION)) return object;
  if (valueAt(object, 'spec.deletionPolicy') === 'Delete') deleteData(object);
  return withoutFinalizer(object, (name) => name === CONTENT_PROTECTION);
}

/** One that names a snapshot stands for it at once. */
function readied(content: KubernetesObject): KubernetesObject {
  const snapshotHandle = valueAt(content, 'spec.source.snapshotHandle');
  if (isRecord(content['status']) || typeof snapshotHandle !== 'string') return content;
  return { ...content, status: { snapshotHandle, readyToUse: true } };
}

function attachmentController(lab: LabState, attachment: KubernetesObject): KubernetesObject {
  if (attachment.metadata.deletionTimestamp === undefined) return attachment;
  if (!isRunning(lab, textAt(attachment['spec'], 'attacher'))) return attachment;
  return withoutFinalizer(attachment, (name) => name.startsWith(ATTACHER));
}

function isRunning({ cluster }: LabState, driver: string | undefined): boolean {
  const drivers = cluster.objects['csidrivers'] ?? [];
  return drivers.some(({ metadata }) => metadata.name === driver);
}

function isAttached({ cluster }: LabState, { metadata: { name } }: KubernetesObject): boolean {
  const attachments = cluster.objects['volumeattachments'] ?? [];
  return attachments.some((each) => valueAt(each, 'spec.source.persistentVolumeName') === name);
}

function withoutFinalizer(
  object: KubernetesObject,
  isMeant: (name: string) => boolean,
): KubernetesObject {
  const { finalizers = [], ...metadata } = object.metadata;
  const left = finalizers.filter((name) => !isMeant(name));
  if (left.length === finalizers.length) return object;
  // The API leaves out what is empty.
  return {
    ...object,
    metadata: { ...metadata, ...(left.length === 0 ? {} : { finalizers: left }) },
  };
}

function markedDeleted(lab: LabState, object: KubernetesObject): KubernetesObject {
  const deletionTimestamp = object.metadata.deletionTimestamp ?? instant(lab.now());
  return { ...object, metadata: { ...object.metadata, deletionTimestamp } };
}
