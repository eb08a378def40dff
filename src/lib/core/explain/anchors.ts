import { datasetPathOf, zvolPathOf } from '../correlate/paths.ts';
import { type PersistentVolume, type VolumeSnapshotContent } from '../model/kubernetes.ts';
import { type ResourceRef, type ResourceType, type StorageType } from '../model/resource-ref.ts';
import { type DatasetPlace } from '../model/rule.ts';
import { type Scene } from './scene.ts';

/** What a chain is built around: a place on the NAS where there is one, else the object that leads to none. */
export type Anchor =
  | { readonly kind: 'place'; readonly place: DatasetPlace }
  | { readonly kind: 'volume'; readonly volume: PersistentVolume; readonly reason: string }
  | { readonly kind: 'object'; readonly ref: ResourceRef };

export function anchorKey(anchor: Anchor): string {
  switch (anchor.kind) {
    case 'place':
      return `place ${anchor.place.system} ${anchor.place.path}`;
    case 'volume':
      return `volume ${anchor.volume.cluster} ${anchor.volume.name}`;
    case 'object': {
      const { ref } = anchor;
      const home = ref.location === 'kubernetes' ? ref.cluster : ref.system;
      return ['object', ref.type, home, ref.namespace, ref.name, ref.discriminator].join(' ');
    }
  }
}

type OnCluster = Extract<ResourceRef, { location: 'kubernetes' }>;
type OnSystem = Extract<ResourceRef, { location: 'truenas' }>;

function atPlace(system: string, path: string): Anchor[] {
  return [{ kind: 'place', place: { system, path } }];
}

function ofVolume(volume: PersistentVolume, scene: Scene): Anchor[] {
  const backend = scene.evidence.derived.volumeLinks.backendOf(volume);
  switch (backend.state) {
    case 'found':
    case 'elsewhere':
      return atPlace(backend.dataset.system, backend.dataset.id);
    case 'absent':
      return atPlace(backend.system, backend.path);
    case 'unknown':
      return [{ kind: 'volume', volume, reason: backend.reason }];
  }
}

function byVolumeName(cluster: string, name: string | null, scene: Scene): Anchor[] {
  const volume = name === null ? undefined : scene.findVolume(cluster, name);
  return volume === undefined ? [] : ofVolume(volume, scene);
}

function ofContent(content: VolumeSnapshotContent, scene: Scene): Anchor[] {
  const backend = scene.evidence.derived.snapshotLinks.backendOf(content);
  if (backend.state === 'unknown') return [];
  const [path = ''] = backend.id.split('@', 1);
  if (backend.state === 'absent') return atPlace(backend.system, path);
  const snapshots = scene
    .ofSystem('zfsSnapshots')
    .filter((snapshot) => scene.contentsOf(snapshot.name).includes(content));
  if (snapshots.length > 0) return snapshots.flatMap((each) => atPlace(each.system, each.dataset));
  // A detached copy is a dataset of its own.
  return scene
    .ofSystem('datasets')
    .filter(({ id }) => id === path)
    .flatMap(({ system, id }) => atPlace(system, id));
}

function atMount(system: string, path: string, scene: Scene): Anchor[] {
  const held = scene.datasetAt(system, path);
  // A directory of a parent or a pool's root is no part of a volume: its own dataset is what is missing.
  const container =
    held !== undefined &&
    !held.exact &&
    (!held.dataset.id.includes('/') ||
      scene.evidence.derived.parents.find(system, held.dataset.id) !== undefined);
  if (held !== undefined && !container) return atPlace(system, held.dataset.id);
  const lost = datasetPathOf(path);
  return lost === undefined ? [] : atPlace(system, lost);
}

function atDevice(system: string, devicePath: string, scene: Scene): Anchor[] {
  const zvol = zvolPathOf(devicePath);
  return zvol === undefined ? atMount(system, devicePath, scene) : atPlace(system, zvol);
}

function ofTarget({ system, discriminator }: OnSystem, scene: Scene): Anchor[] {
  const ids = scene
    .ofSystem('iscsiTargetExtents', system)
    .filter(({ target }) => String(target) === discriminator)
    .map(({ extent }) => extent);
  return scene
    .ofSystem('iscsiExtents', system)
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ path }) => atDevice(system, path, scene));
}

type Finder = (ref: ResourceRef, scene: Scene) => Anchor[];

function onCluster(find: (ref: OnCluster, scene: Scene) => Anchor[]): Finder {
  return (ref, scene) => (ref.location === 'kubernetes' ? find(ref, scene) : []);
}

function onSystem(find: (ref: OnSystem, scene: Scene) => Anchor[]): Finder {
  return (ref, scene) => (ref.location === 'truenas' ? find(ref, scene) : []);
}

const alone: Finder = () => [];

const FINDERS: Readonly<Partial<Record<ResourceType, Finder>>> = {
  PersistentVolume: onCluster(({ cluster, name }, scene) => byVolumeName(cluster, name, scene)),
  PersistentVolumeClaim: onCluster(({ cluster, namespace, name }, scene) => {
    const claim = scene.findClaim(cluster, namespace ?? '', name);
    return byVolumeName(cluster, claim?.volumeName ?? null, scene);
  }),
  VolumeSnapshot: onCluster(({ cluster, namespace, name }, scene) => {
    const uid = scene
      .ofCluster('volumeSnapshots', cluster)
      .find((each) => each.namespace === namespace && each.name === name)?.uid;
    return scene
      .ofCluster('volumeSnapshotContents', cluster)
      .filter(({ snapshot }) => uid !== undefined && snapshot?.uid === uid)
      .flatMap((content) => ofContent(content, scene));
  }),
  VolumeSnapshotContent: onCluster(({ cluster, name }, scene) =>
    scene
      .ofCluster('volumeSnapshotContents', cluster)
      .filter((content) => content.name === name)
      .flatMap((content) => ofContent(content, scene)),
  ),
  VolumeAttachment: onCluster(({ cluster, name }, scene) => {
    const attachments = scene.ofCluster('volumeAttachments', cluster);
    const found = attachments.find((each) => each.name === name);
    return byVolumeName(cluster, found?.volumeName ?? null, scene);
  }),
  StorageClass: alone,
  VolumeSnapshotClass: alone,
  Dataset: onSystem(({ system, name }) => atPlace(system, name)),
  Zvol: onSystem(({ system, name }) => atPlace(system, name)),
  ZfsSnapshot: onSystem(({ system, name }) => atPlace(system, name.split('@', 1)[0] ?? name)),
  NfsShare: onSystem(({ system, name }, scene) => atMount(system, name, scene)),
  SmbShare: onSystem(({ system, discriminator }, scene) =>
    scene
      .ofSystem('smbShares', system)
      .filter(({ id }) => String(id) === discriminator)
      .flatMap(({ path }) => atMount(system, path, scene)),
  ),
  IscsiTarget: onSystem(ofTarget),
  IscsiExtent: onSystem(({ system, discriminator }, scene) =>
    scene
      .ofSystem('iscsiExtents', system)
      .filter(({ id }) => String(id) === discriminator)
      .flatMap(({ path }) => atDevice(system, path, scene)),
  ),
  IscsiInitiator: alone,
  NvmetNamespace: onSystem(({ system, name }, scene) => atDevice(system, name, scene)),
  NvmetSubsystem: onSystem(({ system, discriminator }, scene) =>
    scene
      .ofSystem('nvmetNamespaces', system)
      .filter(({ subsystemId }) => String(subsystemId) === discriminator)
      .flatMap(({ devicePath }) => atDevice(system, devicePath, scene)),
  ),
  SnapshotTask: onSystem(({ system, name }) => atPlace(system, name)),
  ReplicationTask: alone,
} satisfies Record<StorageType, Finder>;

/** Where on the NAS an object leads; several places for a target of several disks. Itself, where it leads to none. */
export function anchorsOf(ref: ResourceRef, scene: Scene): readonly Anchor[] {
  const anchors = (FINDERS[ref.type] ?? alone)(ref, scene);
  if (anchors.length === 0) return [{ kind: 'object', ref }];
  return [...new Map(anchors.map((anchor) => [anchorKey(anchor), anchor])).values()];
}
