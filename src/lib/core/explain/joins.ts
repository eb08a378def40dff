import { type Backend } from '../correlate/match-volumes.ts';
import { type ParentIndex } from '../correlate/parents.ts';
import { parentPath, targetKey } from '../correlate/paths.ts';
import {
  datasetPathsNamedBy,
  sharePathsOf,
  smbShareOf,
  targetNamesOf,
} from '../correlate/volume-handle.ts';
import { type PersistentVolume, type VolumeSource } from '../model/kubernetes.ts';
import { type Dataset } from '../model/truenas.ts';
import { type Join } from './explanation.ts';
import { certainly, likely } from './nodes.ts';
import { type Scene } from './scene.ts';

/** By which key a volume led to the dataset its driver would look for. */
function byHandle({ source }: PersistentVolume, dataset: Dataset, parents: ParentIndex): Join {
  const handle = source.kind === 'csi' ? source.handle : '';
  if (handle === dataset.id) return certainly(`volume handle, which is the dataset's path`);
  const parent = parents.parentOf(dataset.system, dataset.id);
  const where = `volume handle below ${parentPath(dataset.id)}`;
  if (parent?.origin === 'declared')
    return certainly(`${where}, the declared parent of its driver`);
  return likely(`${where}, a parent inferred from its volumes`);
}

/** By which of the names in a volume's source a dataset was found. */
function byNameIn(source: VolumeSource, dataset: Dataset, scene: Scene): Join | undefined {
  const { system, id, mountpoint } = dataset;
  if (datasetPathsNamedBy(source).includes(id)) return certainly('dataset path in the volume');
  const paths = sharePathsOf(source);
  if (mountpoint !== null) {
    if (paths.includes(mountpoint)) return certainly('share path, which is its mount point');
    if (paths.some((path) => path.startsWith(`${mountpoint}/`))) {
      return certainly('share path, which lies inside it');
    }
  }
  const share = smbShareOf(source)?.toLowerCase();
  const shares = scene.ofSystem('smbShares', system);
  if (share !== undefined && shares.some(({ name }) => name.toLowerCase() === share)) {
    return likely('name of the SMB share');
  }
  return byTarget(source);
}

function byTarget(source: VolumeSource): Join | undefined {
  const [target] = targetNamesOf(source);
  return target === undefined ? undefined : likely(`iSCSI target ${targetKey(target)}`);
}

/** What joins a volume with the dataset that was found for it. */
export function joinOfVolume(
  pv: PersistentVolume,
  backend: Extract<Backend, { state: 'found' | 'elsewhere' }>,
  scene: Scene,
): Join {
  const { dataset } = backend;
  if (backend.state === 'found') return byHandle(pv, dataset, scene.evidence.derived.parents);
  return byUse(pv, dataset, scene);
}

/** What joins a dataset with a volume that uses it, though the volume's driver would look elsewhere. */
export function byUse(pv: PersistentVolume, dataset: Dataset, scene: Scene): Join {
  const named = dataset.properties.csiVolumeName === pv.name;
  return (
    byNameIn(pv.source, dataset, scene) ??
    likely(named ? 'volume name in the properties of the dataset' : 'device the volume names')
  );
}

/** What joins a dataset with a volume a pod writes straight into its spec. */
export function byInlineVolume(
  sources: readonly VolumeSource[],
  dataset: Dataset,
  scene: Scene,
): Join {
  for (const source of sources) {
    const join = byNameIn(source, dataset, scene);
    if (join !== undefined) return join;
  }
  return likely('inline volume');
}
