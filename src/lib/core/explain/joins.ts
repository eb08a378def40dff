import { type Backend } from '../correlate/backend.ts';
import { type ParentIndex } from '../correlate/parents.ts';
import { leafName, parentPath, targetKey } from '../correlate/paths.ts';
import {
  datasetPathsNamedBy,
  sharePathsOf,
  smbShareOf,
  subsystemNameOf,
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

/** By which of the paths in a volume's source a dataset was found. */
function byPathIn(source: VolumeSource, { id, mountpoint }: Dataset): Join | undefined {
  if (datasetPathsNamedBy(source).includes(id)) return certainly('dataset path in the volume');
  if (mountpoint === null) return undefined;
  const paths = sharePathsOf(source);
  if (paths.includes(mountpoint)) return certainly('share path, which is its mount point');
  return paths.some((path) => path.startsWith(`${mountpoint}/`))
    ? certainly('share path, which lies inside it')
    : undefined;
}

/** By which name of an export, which others may have as well. */
function byExportIn(source: VolumeSource, dataset: Dataset): Join | undefined {
  const share = smbShareOf(source);
  if (share !== undefined && dataset.kind === 'filesystem') return likely(`SMB share ${share}`);
  if (dataset.kind === 'filesystem') return undefined;
  const [target] = targetNamesOf(source);
  if (target !== undefined) return likely(`iSCSI target ${targetKey(target)}`);
  const nqn = subsystemNameOf(source);
  return nqn === undefined ? undefined : likely(`NVMe-oF subsystem ${nqn}`);
}

/** What joins a volume with the dataset that was found for it. */
export function joinOfVolume(
  pv: PersistentVolume,
  backend: Extract<Backend, { state: 'found' | 'elsewhere' }>,
  scene: Scene,
): Join {
  const { dataset } = backend;
  if (backend.state === 'found') return byHandle(pv, dataset, scene.evidence.derived.parents);
  return byUse(pv, dataset);
}

/** What joins a dataset with a volume that uses it, though the volume's driver would look elsewhere. */
export function byUse(pv: PersistentVolume, dataset: Dataset): Join {
  const path = byPathIn(pv.source, dataset);
  if (path !== undefined) return path;
  if (dataset.properties.csiVolumeName === pv.name) {
    return likely('volume name in the properties of the dataset');
  }
  const { source } = pv;
  // A volume that was found nowhere may be any dataset its handle is the last name of.
  const handle = source.kind === 'csi' ? leafName(source.handle) : null;
  if (handle === leafName(dataset.id)) return likely('volume handle, the last name of its path');
  return byExportIn(source, dataset) ?? likely('what the volume names');
}

/** Which of the volumes a pod writes into its spec leads to a dataset, and by which key. */
export function byInlineVolume(
  sources: readonly VolumeSource[],
  dataset: Dataset,
): readonly { readonly source: VolumeSource; readonly join: Join }[] {
  return sources.flatMap((source) => {
    const join = byPathIn(source, dataset) ?? byExportIn(source, dataset);
    return join === undefined ? [] : { source, join };
  });
}
