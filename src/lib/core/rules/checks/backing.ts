import { type Backend } from '../../correlate/backend.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { volumePathBelow } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { snapshotHandleOf } from '../../correlate/volume-handle.ts';
import { type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { type DatasetPlace } from '../../model/rule.ts';
import { type Dataset } from '../../model/truenas.ts';
import { bytes, type Bytes } from '../../model/units.ts';
import { freedWith } from './facts.ts';

/** The dataset that holds a volume's data, wherever it lies; undefined where none was found. */
export function datasetBehind(backend: Backend): Dataset | undefined {
  return backend.state === 'found' || backend.state === 'elsewhere' ? backend.dataset : undefined;
}

/** Bytes that letting the volume go would free: those of a dataset that a driver made and nobody else uses. */
export function bytesBehind(dataset: Dataset | undefined, links: VolumeLinks): Bytes {
  const sole =
    dataset !== undefined && links.isManaged(dataset) && links.usersOf(dataset).length === 1;
  return sole ? freedWith(dataset) : bytes(0);
}

/** What a content's handle stands for on the NAS. */
export interface SnapshotPlace extends DatasetPlace {
  /** `dataset@snapshot`; the dataset itself for a detached copy. */
  readonly id: string;
}

/** Where a snapshot would lie by its handle alone, if its driver has but one place for it. */
export function placeOfSnapshot(
  content: VolumeSnapshotContent,
  parents: ParentIndex,
): SnapshotPlace | undefined {
  const handle = snapshotHandleOf(content);
  if (handle === undefined || handle.kind === 'copy') return undefined;
  const { kind, volume, snapshot } = handle;
  const homes = parents.forDriver(content.cluster, content.driver);
  const places = homes.flatMap((parent): SnapshotPlace[] => {
    const { system } = parent;
    if (kind === 'attached') {
      const path = volumePathBelow(parent, volume);
      return path === undefined ? [] : [{ system, path, id: `${path}@${snapshot}` }];
    }
    return parent.detachedPaths.map((above) => {
      const path = `${above}/${volume}/${snapshot}`;
      return { system, path, id: path };
    });
  });
  const [place] = places;
  return places.length === 1 ? place : undefined;
}
